import { z } from 'zod';
import { FUNCTIONS } from '../../../shared/pipeline.ts';
import type { Sample } from '../percentiles.ts';
import type { Stats } from '../stats.ts';
import type { FlowSource } from './feed.ts';
import type { QueueFigures } from './protocol.ts';

export interface LocalFlowOptions {
  readonly stats: Stats;
  /** Each subscription's figures by its short name; empty where the emulator does not tell. */
  readonly queues: () => Promise<Readonly<Record<string, QueueFigures>>>;
  readonly clock?: () => number;
}

/** Figures of the stack on this machine: what functions log, and what the Pub/Sub emulator holds. */
export function makeLocalFlow({ stats, queues, clock = Date.now }: LocalFlowOptions): FlowSource {
  return {
    everyMs: 250,
    async read() {
      const stages = FUNCTIONS.map(({ name }) => {
        const { duration, ...figures } = stats.stage(name);
        return [name, { ...figures, ...quantiles(duration) }] as const;
      });
      return {
        at: clock(),
        stages: Object.fromEntries(stages),
        queues: await queues(),
        screen: { count: stats.endToEnd.size, ...quantiles(stats.recentEndToEnd) },
      };
    },
  };
}

function quantiles(sample: Sample): { readonly p50: number | null; readonly p95: number | null } {
  return { p50: sample.percentile(50) ?? null, p95: sample.percentile(95) ?? null };
}

const Subscriptions = z.object({
  subscriptions: z.array(
    z.object({
      name: z.string(),
      backlog: z.number(),
      oldest_unacked_seconds: z.number(),
      in_flight: z.number(),
      nacked: z.number(),
      dead_lettered: z.number(),
    }),
  ),
});

/**
 * Reads subscriptions' figures from our Pub/Sub emulator. Google's has no such face: its figures are none.
 * @param url of the emulator
 */
export function makeQueueReader(url: string): () => Promise<Readonly<Record<string, QueueFigures>>> {
  return async () => {
    const response = await fetch(`${url}/_emulator/subscriptions`, { signal: AbortSignal.timeout(2000) });
    if (!response.ok) {
      await response.body?.cancel();
      return {};
    }
    const { subscriptions } = Subscriptions.parse(await response.json());
    return Object.fromEntries(
      subscriptions.map((each) => [
        each.name.slice(each.name.lastIndexOf('/') + 1),
        {
          backlog: each.backlog,
          oldestSeconds: each.oldest_unacked_seconds,
          inFlight: each.in_flight,
          nacked: each.nacked,
          deadLettered: each.dead_lettered,
        },
      ]),
    );
  };
}
