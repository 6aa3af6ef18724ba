import { FailedEvent, RawEvent } from '../../shared/events.ts';
import { silentLogger } from '../../shared/log.ts';
import type { Chunk } from '../../shared/message.ts';
import { TOPICS, type Topic } from '../../shared/pipeline.ts';
import { makeAdmission } from './admission.ts';
import { makeCors } from './cors.ts';
import { makeEventLog } from './event-log.ts';
import type { CollectorRequest, CollectorResponse } from './http.ts';
import { type IngestOptions, makeIngest } from './ingest.ts';
import { makeMeter, type Observation } from './meter.ts';
import { PROTOCOLS } from './protocols/protocols.ts';
import { makeFindSource, type Source } from './sources.ts';

const NOW = Date.UTC(2026, 10, 21);
/** A sound event. */
export const click = { event_name: 'view_item', anonymous_id: 'a', items: [{ item_id: '1' }] };

const SOURCES: readonly Source[] = [
  { name: 'web', keys: ['k1', 'k2'] },
  { name: 'app', keys: ['k3'], origins: ['https://app.example'] },
];

type Publish = (topic: Topic, events: readonly object[]) => Promise<void>;

/** A collector whose Pub/Sub is `publish`, by default a list. */
export function setUp(overrides: Partial<IngestOptions> & { readonly publish?: Publish } = {}) {
  const published: { readonly topic: Topic; readonly events: readonly object[] }[] = [];
  const observed: Observation[] = [];
  const publisher = {
    publishChunks: async (topic: Topic, chunks: readonly Chunk[]) => {
      const events = JSON.parse(`[${chunks.map(({ data }) => data.toString()).join(',')}]`) as object[];
      await overrides.publish?.(topic, events);
      published.push({ topic, events });
    },
  };
  const admission = overrides.admission ?? makeAdmission({ maxBytes: 1_000_000, maxRequests: 100 });
  const ingest = makeIngest({
    identity: { name: 'ingest', version: '1' },
    protocols: PROTOCOLS,
    findSource: makeFindSource(SOURCES),
    eventLog: makeEventLog({ publisher, concurrency: 2 }),
    cors: makeCors(['https://shop.example'], SOURCES),
    meter: { ...makeMeter(silentLogger), observe: (seen) => observed.push(seen) },
    log: silentLogger,
    client: { trustedProxies: 0, address: 'truncated' },
    maxBodyBytes: 100_000,
    maxEvents: 2_500,
    ackMs: 1_000,
    clock: () => NOW,
    ...overrides,
    admission,
  });
  const on = (topic: Topic): object[] =>
    published.filter((each) => each.topic === topic).flatMap((each) => each.events);
  return {
    ingest,
    admission,
    observed,
    published,
    raw: () => RawEvent.array().parse(on(TOPICS.raw)),
    failed: () => FailedEvent.array().parse(on(TOPICS.failed)),
    send: (body: unknown, request: Partial<CollectorRequest> = {}) => ingest(requestOf(body, request)),
  };
}

function requestOf(body: unknown, request: Partial<CollectorRequest>): CollectorRequest {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    method: 'POST',
    path: '/v1/events',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/json', 'x-write-key': 'k1' },
    remoteAddress: '127.0.0.1',
    declaredBytes: bytes.length,
    readBody: async () => bytes,
    ...request,
  };
}

/** The value of an answer's JSON. */
export const json = (response: CollectorResponse): unknown => JSON.parse(String(response.body));
