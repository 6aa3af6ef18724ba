import type { Collector, RawEvent } from '../../../shared/events.ts';
import type { Failure } from '../../../shared/failed-event.ts';
import { LIMITS } from '../../../shared/limits.ts';
import type { Row } from '../formats/row.ts';
import { mapRow } from '../map-row.ts';
import type { Source } from '../source.ts';
import { type EventJson, eventJson } from './batch-publisher.ts';

export type RowFailed = Pick<Failure, 'message' | 'path' | 'payload' | 'reason' | 'eventId'>;

/** What a row is: an event, also as JSON, or a failure. */
export type ReadEvent =
  | { readonly event: RawEvent; readonly json: EventJson }
  | { readonly failure: RowFailed };

export interface EventReaderOptions {
  readonly source: Source;
  /** The object, as `gs://…`; its name is part of the events' ids. */
  readonly uri: string;
  readonly file: string;
  readonly collector: Collector;
}

/** Reads one object's rows as events. */
export function makeEventReader({
  source,
  uri,
  file,
  collector,
}: EventReaderOptions): (row: Row) => ReadEvent {
  const end = Buffer.from(`,"collector":${JSON.stringify(collector)}}`);
  return (row) => {
    const mapped = mapRow(source, row, { file });
    const place = `${uri}, line ${row.line}, offset ${row.offset}`;
    if ('failure' in mapped) {
      const { path, message, payload, event_id: eventId } = mapped.failure;
      return { failure: { reason: 'invalid_row', path, message: `${message} (${place})`, payload, eventId } };
    }
    const event: RawEvent = { ...mapped.ok, collector: { ...collector, ...mapped.seen } };
    // Writing an event takes as long as reading it, so what need not be written anew is not.
    // `end` takes the place of the record's closing brace.
    const json = mapped.json ? { text: mapped.json, length: mapped.json.length - 1, end } : eventJson(event);
    const bytes = json.length + json.end.length;
    if (bytes <= LIMITS.eventBytes) return { event, json };
    const message = `the event has ${bytes} bytes; ${LIMITS.eventBytes} are allowed (${place})`;
    return { failure: { reason: 'too_large', path: '', message, payload: mapped.ok } };
  };
}
