import type { Figure } from '../../../../infra/monitoring/log-metrics.ts';
import { quantileOf, series } from '../../../../infra/monitoring/promql.ts';
import { FUNCTIONS } from '../../../../shared/pipeline.ts';
import type { FlowSource } from '../feed.ts';
import type { QueueFigures, StageFigures } from '../protocol.ts';
import type { QueryMetrics } from './prometheus.ts';

export interface MonitoringFlowOptions {
  readonly query: QueryMetrics;
  /** Ids of subscriptions and the pipeline's own names for them. */
  readonly queues: () => Promise<ReadonlyMap<string, string>>;
  readonly clock?: () => number;
}

/** Cloud Monitoring has a value a minute; log-based ones and Pub/Sub's come some minutes late. */
const EVERY_MS = 30_000;
/** What counts are of, and what rates and quantiles are of. */
const TOTALS = '1h';
const RECENT = '5m';

type ByName = ReadonlyMap<string, number>;

/** Figures of a deployed pipeline, from the metrics that the dashboard shows too: infra/monitoring. Counts are of the last hour. */
export function makeMonitoringFlow({ query, queues, clock = Date.now }: MonitoringFlowOptions): FlowSource {
  const by = async (label: string, promql: string): Promise<ByName> =>
    new Map((await query(promql)).map(({ labels, value }) => [labels[label] ?? '', value]));
  const total = (figure: Figure): Promise<ByName> =>
    by('function', `sum by (function) (increase(${series(figure, 'sum')}[${TOTALS}]))`);
  const quantile = (rank: number): Promise<ByName> =>
    by(
      'function',
      `histogram_quantile(${rank}, sum by (le, function) (rate(${series('duration_ms', 'bucket')}[${RECENT}])))`,
    );
  const subscription = (metric: string, how: (values: string) => string): Promise<ByName> =>
    by(
      'subscription_id',
      `sum by (subscription_id) (${how(`pubsub_googleapis_com:subscription_${metric}{monitored_resource="pubsub_subscription"}`)})`,
    );
  const single = async (promql: string): Promise<number | null> => (await query(promql))[0]?.value ?? null;

  const stages = async (): Promise<Readonly<Record<string, StageFigures>>> => {
    const [taken, out, failed, redelivered, speed, p50, p95] = await Promise.all([
      total('in'),
      total('out'),
      total('failed'),
      total('redeliver'),
      by('function', `sum by (function) (rate(${series('in', 'sum')}[${RECENT}]))`),
      quantile(0.5),
      quantile(0.95),
    ]);
    const whole = (values: ByName, name: string): number => Math.round(values.get(name) ?? 0);
    return Object.fromEntries(
      FUNCTIONS.map(({ name }) => [
        name,
        {
          in: whole(taken, name),
          out: whole(out, name),
          failed: whole(failed, name),
          redelivered: whole(redelivered, name),
          restarts: null,
          rate: speed.get(name) ?? 0,
          p50: p50.get(name) ?? null,
          p95: p95.get(name) ?? null,
        },
      ]),
    );
  };
  const waiting = async (): Promise<Readonly<Record<string, QueueFigures>>> => {
    const [names, backlog, oldest, acked, dead] = await Promise.all([
      queues(),
      subscription('num_undelivered_messages', (values) => values),
      subscription('oldest_unacked_message_age', (values) => values),
      subscription('ack_message_count', (values) => `rate(${values}[${RECENT}])`),
      subscription('dead_letter_message_count', (values) => `increase(${values}[${TOTALS}])`),
    ]);
    return Object.fromEntries(
      [...names].map(([id, name]) => [
        name,
        {
          backlog: Math.round(backlog.get(id) ?? 0),
          oldestSeconds: oldest.get(id) ?? 0,
          perSecond: acked.get(id) ?? 0,
          deadLettered: Math.round(dead.get(id) ?? 0),
        },
      ]),
    );
  };
  return {
    everyMs: EVERY_MS,
    async read() {
      const [figures, queued, p50, p95] = await Promise.all([
        stages(),
        waiting(),
        single(quantileOf('age_ms', 0.5, 'push')),
        single(quantileOf('age_ms', 0.95, 'push')),
      ]);
      const screen = { count: figures.push?.out ?? 0, p50, p95 };
      return { at: clock(), stages: figures, queues: queued, screen };
    },
  };
}
