import type { Readable } from 'node:stream';
import type { Collector, Origin, RawEvent } from '../../shared/events.ts';
import { type Failure, type FunctionIdentity, makeFailedEvent } from '../../shared/failed-event.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { Logger } from '../../shared/log.ts';
import type { Attributes } from '../../shared/message.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';
import { makeBatchPublisher } from './batch-publisher.ts';
import { readRowGroups } from './formats/read-rows.ts';
import type { Row } from './formats/row.ts';
import { mapRow } from './map-row.ts';
import type { Mapping } from './mapping.ts';
import { objectPlace } from './object-name.ts';

/** A finalized object of the inbox bucket. */
export interface InboxObject {
  readonly bucket: string;
  readonly name: string;
  readonly generation: string;
}

/** Where objects are read. */
export interface ObjectStore {
  /** Opens one generation's bytes as stored; undefined where it is there no more. */
  open(object: InboxObject): Promise<Readable | undefined>;
}

export interface LoadOptions {
  readonly identity: FunctionIdentity;
  readonly objects: ObjectStore;
  readonly sources: ReadonlyMap<string, Mapping>;
  readonly publisher: Publisher;
  /** Publishes that may run at a time. */
  readonly concurrency: number;
  readonly clock?: () => number;
}

/** What a load did. */
export interface LoadReport {
  readonly read: number;
  readonly out: number;
  readonly failed: number;
}

/**
 * Brings one object's records to `clickstream-raw`, and those that are no events to `failed-events`. Delivered again,
 * it publishes the same events with the same ids.
 * @throws what keeps an object from being read or published: deliver it again.
 */
export type Load = (object: InboxObject, attributes: Attributes, log: Logger) => Promise<LoadReport>;

type RowFailed = Pick<Failure, 'message' | 'path' | 'payload' | 'reason' | 'eventId'>;

const NOTHING: LoadReport = { read: 0, out: 0, failed: 0 };

export function makeLoad(options: LoadOptions): Load {
  const { identity, objects, sources, publisher, concurrency, clock = Date.now } = options;
  return async (object, attributes, log) => {
    const place = objectPlace(object.name);
    if (!place) {
      log.info(`${uri(object)} is in no source's folder and was left alone; put files under <source>/`);
      return NOTHING;
    }
    const to = (topic: typeof TOPICS.raw | typeof TOPICS.failed) =>
      makeBatchPublisher({ publisher, topic, attributes, concurrency });
    const raw = to(TOPICS.raw);
    const failures = to(TOPICS.failed);
    const fail = (failure: RowFailed): Promise<void> | undefined => {
      const failed = makeFailedEvent(identity, { ...failure, replayTopic: TOPICS.inbox }, clock());
      return failures.add(failed, bytesOf(failed));
    };

    const mapping = sources.get(place.source);
    if (!mapping) {
      const message = `no source is named "${place.source}"; put the file under one of ${[...sources.keys()].join(', ')}`;
      log.error(`${uri(object)} was not loaded: ${message}`);
      await fail({ reason: 'invalid_row', path: '', message, payload: { object: uri(object) } });
      await failures.finish();
      return { ...NOTHING, failed: 1 };
    }
    const stream = await objects.open(object);
    if (!stream) {
      log.warn(`${uri(object)} was gone before it was loaded; upload it again if it is wanted`);
      return NOTHING;
    }
    let read = 0;
    let failed = 0;
    const collector = collectorOf(mapping, place.origin, clock());
    try {
      for await (const group of readRowGroups(stream)) {
        for (const row of group) {
          const sorted = sortRow(mapping, row, object, collector);
          read += 1;
          if ('failure' in sorted) failed += 1;
          const room = 'failure' in sorted ? fail(sorted.failure) : raw.add(sorted.event, sorted.bytes);
          // Most records wait for nothing, and a promise for each would be dear.
          if (room !== undefined) await room;
        }
      }
      await Promise.all([raw.finish(), failures.finish()]);
    } finally {
      stream.destroy();
    }
    return { read, out: read - failed, failed };
  };
}

function collectorOf(mapping: Mapping, origin: Origin, now: number): Collector {
  return { received_at: new Date(now).toISOString(), protocol: `load:${mapping.name}`, origin };
}

/** What a row is: an event with its size in bytes, or a failure. */
function sortRow(
  mapping: Mapping,
  row: Row,
  object: InboxObject,
  collector: Collector,
): { readonly event: RawEvent; readonly bytes: number } | { readonly failure: RowFailed } {
  const mapped = mapRow(mapping, row, { file: object.name });
  const place = `record ${row.position} of ${uri(object)}`;
  if ('failure' in mapped) {
    const { path, message, payload, event_id: eventId } = mapped.failure;
    return { failure: { reason: 'invalid_row', path, message: `${message} (${place})`, payload, eventId } };
  }
  const event = { ...mapped.ok, collector };
  const bytes = bytesOf(event);
  if (bytes <= LIMITS.eventBytes) return { event, bytes };
  const message = `the event has ${bytes} bytes; ${LIMITS.eventBytes} are allowed (${place})`;
  return { failure: { reason: 'too_large', path: '', message, payload: mapped.ok } };
}

function bytesOf(event: object): number {
  return Buffer.byteLength(JSON.stringify(event));
}

function uri(object: InboxObject): string {
  return `gs://${object.bucket}/${object.name}`;
}
