import type { BatchContext } from '../../shared/batch-function.ts';
import type { Product, RawEvent } from '../../shared/events.ts';
import { silentLogger } from '../../shared/log.ts';
import { TOPICS, type Topic } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';
import { makeMemoryProfiles } from './history/memory-profiles.ts';
import type { Profile } from './history/profile.ts';
import type { Profiles, StoredProfile } from './history/profiles.ts';
import type { EnrichSettings } from './settings.ts';

/** For tests: the moment at which test events are received. */
export const NOW = Date.parse('2026-11-21T12:00:00.000Z');

export const SETTINGS: EnrichSettings = {
  pseudonymKey: 'a-key-for-tests-only',
  consentDefault: { analytics: true, personalization: true },
  maxAgeMs: 1826 * 86_400_000,
};

let serial = 0;

type RawFields = Partial<Omit<RawEvent, 'collector'>> & {
  readonly collector?: Partial<RawEvent['collector']>;
};

/** A raw event with the given fields; `minutes` is its time relative to NOW. */
export function rawEvent({ collector, ...fields }: RawFields = {}, minutes = 0): RawEvent {
  serial += 1;
  return {
    event_id: `event-${serial}`,
    event_name: 'view_item',
    event_time: new Date(NOW + minutes * 60_000).toISOString(),
    ...(fields.user_id === undefined ? { anonymous_id: 'device-1' } : {}),
    items: [{ item_id: 'shoe' }],
    ...fields,
    collector: { received_at: new Date(NOW).toISOString(), protocol: 'native', origin: 'live', ...collector },
  };
}

/** Profiles in memory, with versions, counts of what was done, and faults to order. */
export function fakeProfiles() {
  const documents = new Map<string, StoredProfile>();
  const memory = makeMemoryProfiles(documents);
  const calls = { reads: 0, keysRead: 0, writes: 0 };
  let revision = 0;
  /** Runs before each write: where a rival gets in between. */
  let beforeWrite: () => void = () => undefined;
  const put = (key: string, profile: Profile): void => {
    revision += 1;
    documents.set(key, { profile, version: `put-${revision}` });
  };
  const profiles: Profiles = {
    async read(keys) {
      calls.reads += 1;
      calls.keysRead += keys.length;
      return await memory.read(keys);
    },
    async write(changes) {
      beforeWrite();
      calls.writes += changes.length;
      return await memory.write(changes);
    },
  };
  const onWrite = (run: () => void) => {
    beforeWrite = run;
  };
  return { profiles, documents, calls, put, onWrite };
}

/** A publisher that keeps what it is given, by topic. */
export function fakePublisher() {
  const published = new Map<Topic, object[]>();
  const publisher: Publisher = {
    async publish(topic, events) {
      published.set(topic, [...(published.get(topic) ?? []), ...events]);
    },
  };
  return { publisher, on: (topic: Topic): readonly object[] => published.get(topic) ?? [] };
}

export function fakeCatalog(products: readonly Product[] = []) {
  return { products: async () => new Map(products.map((product) => [product.item_id, product])) };
}

export function batchContext(): BatchContext {
  return {
    topic: TOPICS.raw,
    messageId: 'message-1',
    publishTime: new Date(NOW).toISOString(),
    attributes: {},
    log: silentLogger,
    outgoing: {},
  };
}
