import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TOPICS } from '../../../../shared/pipeline.ts';
import { type Listening, listen } from '../../../emulator.ts';
import { makeMonitoringFlow } from './monitoring-flow.ts';
import { makePrometheus } from './prometheus.ts';
import { queueNames } from './queue-names.ts';

/** A value for each metric that is asked for, by what the query begins with and names. */
const METRICS: readonly (readonly [RegExp, Readonly<Record<string, string>>, string])[] = [
  [/^sum by \(function\) \(increase\(.*nextclick_in_sum\{.*\[1h\]\)\)$/, { function: 'enrich' }, '3599.6'],
  [/^sum by \(function\) \(increase\(.*nextclick_failed_sum/, { function: 'enrich' }, '2'],
  [/^sum by \(function\) \(increase\(.*nextclick_out_sum/, { function: 'push' }, '40'],
  [/^sum by \(function\) \(rate\(.*nextclick_in_sum\{.*\[5m\]\)\)$/, { function: 'enrich' }, '1.5'],
  [
    /^histogram_quantile\(0\.5, sum by \(le, function\).*nextclick_duration_ms_bucket/,
    { function: 'enrich' },
    '12',
  ],
  [/^histogram_quantile\(0\.95, sum by \(le, function\)/, { function: 'enrich' }, 'NaN'],
  [/^histogram_quantile\(0\.5, .*nextclick_age_ms_bucket\{.*function="push"/, {}, '180'],
  [/subscription_num_undelivered_messages/, { subscription_id: 'eventarc-ew1-enrich-123-sub-9' }, '7'],
  [/oldest_unacked_message_age/, { subscription_id: 'eventarc-ew1-enrich-123-sub-9' }, '4'],
];

let listening: Listening;
let token = '';
beforeAll(async () => {
  const app = new Hono();
  app.post('/p/api/v1/query', async (context) => {
    if (context.req.header('authorization') !== 'Bearer t')
      return context.json(
        { error: { code: 401, message: 'Request had invalid authentication credentials.' } },
        401,
      );
    const { query } = (await context.req.json()) as { readonly query: string };
    const found = METRICS.filter(([pattern]) => pattern.test(query));
    const result = found.map(([, metric, value]) => ({ metric, value: [1_767_225_600, value] }));
    return context.json({ status: 'success', data: { resultType: 'vector', result } });
  });
  listening = await listen(app);
});
afterAll(() => listening.close());

const flow = () =>
  makeMonitoringFlow({
    query: makePrometheus({
      url: `http://127.0.0.1:${listening.port}/p`,
      headers: async () => ({ authorization: token }),
    }),
    queues: async () => new Map([['eventarc-ew1-enrich-123-sub-9', 'enrich--clickstream-raw']]),
    clock: () => 5,
  });

test('a deployed pipeline reads as a local one does', async () => {
  token = 'Bearer t';
  const snapshot = await flow().read();
  expect(snapshot.at).toBe(5);
  expect(snapshot.stages.enrich).toEqual({
    in: 3600,
    out: 0,
    failed: 2,
    redelivered: 0,
    restarts: null,
    rate: 1.5,
    p50: 12,
    p95: null,
  });
  expect(snapshot.queues).toEqual({
    'enrich--clickstream-raw': { backlog: 7, oldestSeconds: 4, perSecond: 0, deadLettered: 0 },
  });
  expect(snapshot.screen).toEqual({ count: 40, p50: 180, p95: null });
});

test('a refusal is told in the service’s words', async () => {
  token = '';
  await expect(flow().read()).rejects.toThrow(
    'Cloud Monitoring answered 401: Request had invalid authentication credentials.',
  );
});

test('subscriptions that Eventarc made are known by their topic and by the service they push to', () => {
  const listed = (name: string, topic: string, endpoint: string) => ({
    name: `projects/p/subscriptions/${name}`,
    topic: `projects/p/topics/${topic}`,
    endpoint,
  });
  const run = (service: string) =>
    `https://${service}-abc123-ew.a.run.app/?__GCP_CloudEventsMode=CUSTOM_PUBSUB`;
  const names = queueNames([
    listed('eventarc-a', TOPICS.raw, run('enrich')),
    listed('eventarc-b', TOPICS.enriched, run('warehouse')),
    listed('eventarc-c', TOPICS.enriched, run('recommend')),
    listed('other-1', TOPICS.raw, run('somebody-else')),
    listed('other-2', 'foreign', run('enrich')),
    listed('pulled', TOPICS.raw, ''),
  ]);
  expect(Object.fromEntries(names)).toEqual({
    'eventarc-a': `enrich--${TOPICS.raw}`,
    'eventarc-b': `warehouse--${TOPICS.enriched}`,
    'eventarc-c': `recommend--${TOPICS.enriched}`,
  });
});
