import { z } from 'zod';
import { Collector, NativeEvent } from '../../shared/events.ts';
import { eventIdOf } from '../../shared/failed-event.ts';
import { stableId } from '../../shared/ids.ts';
import { canonicalJson, jsonDepth } from '../../shared/json.ts';
import { LIMITS } from '../../shared/limits.ts';
import { describeIssues } from '../../shared/message.ts';
import type { Fields, Problem } from './compile-mapping.ts';
import type { Row } from './formats/row.ts';
import type { Source } from './source.ts';

export interface MapRowOptions {
  /** What tells the file from others of its source; `fileOf` of an object. */
  readonly file: string;
  /** Added to event times, in milliseconds. */
  readonly shiftMs?: number;
}

/** A native event with the id and time that a loaded event always has. */
export type LoadedEvent = NativeEvent & { readonly event_id: string; readonly event_time: string };

/** Generated code for the schema, some six times as fast as its interpretation. */
const Event = z.compile(NativeEvent, { strict: true });

/** What the file says that a collector would have seen. */
const Seen = z.compile(
  Collector.pick({ ip: true, user_agent: true, country: true, region: true, city: true }),
  { strict: true },
);
export type Seen = z.infer<typeof Seen>;
const NOTHING_SEEN: Seen = {};

/** Why a row is no event. */
export interface RowFailure extends Problem {
  /** The row as it was read. */
  readonly payload: unknown;
  /** The event's own id where the row has a usable one, else the id that it would have. */
  readonly event_id: string;
}

export type MappedRow =
  | {
      readonly ok: LoadedEvent;
      readonly seen: Seen;
      /** `ok` as JSON in UTF-8, where the record is the event as it stands in the file. */
      readonly json?: Buffer | undefined;
    }
  | { readonly failure: RowFailure };

/**
 * Maps one row. Where the row has no id of its own, the `event_id` follows from the source and what `identity` of its mapping
 * says: by default the file, the row's place and its content, so that a file loaded again adds nothing, and two equal rows are two
 * events.
 */
export function mapRow(source: Source, row: Row, options: MapRowOptions): MappedRow {
  // By its own id an event that is mended and comes again is the one that failed.
  const fail = (problem: Problem, payload: unknown, given?: Fields): MappedRow => ({
    failure: { ...problem, payload, event_id: eventIdOf(given) ?? idOf(source, row, options.file) },
  });
  if ('unreadable' in row) {
    const { message, text } = row.unreadable;
    return fail({ path: '', message }, { file: options.file, line: row.line, offset: row.offset, text });
  }
  const { event: given, collector, problems } = source.read(row.row, options.shiftMs ?? 0);
  const problem = problems[0];
  if (problem) return fail(problem, row.row, given);
  const event =
    given.event_id === undefined ? { ...given, event_id: idOf(source, row, options.file) } : given;
  if (jsonDepth(event, LIMITS.depth + 2) > LIMITS.depth + 2) {
    return fail({ path: '', message: 'the record nests too deep' }, row.row, given);
  }
  // As it stands in the file, a record has no field that the schema would leave out: a copy would be the same.
  const asItStands = event === row.row && row.json !== undefined;
  if (asItStands && z.validate(Event, event) && isComplete(event)) {
    return { ok: event, seen: NOTHING_SEEN, json: row.json };
  }
  const parsed = Event.safeParse(event);
  if (!parsed.success) return fail(describeIssues(parsed.error), row.row, given);
  const seen = Seen.safeParse(collector);
  if (!seen.success) return fail(describeIssues(seen.error), row.row, given);
  const loaded = parsed.data;
  if (!isComplete(loaded)) {
    const column = timeColumn(source);
    return fail({ path: column, message: `${column} is empty; expected a time` }, row.row, given);
  }
  return { ok: loaded, seen: seen.data };
}

/**
 * The event as far as the row gives one: values that cannot be read stay as they are, for the collector to reject. For
 * a replay, which sends whatever a file holds. `problems` is what `mapRow` would have refused.
 */
export function mapRowLeniently(
  source: Source,
  row: Row,
  options: MapRowOptions,
): { readonly event: Readonly<Fields>; readonly problems: readonly Problem[] } {
  const event_id = idOf(source, row, options.file);
  if ('unreadable' in row) {
    const { message, text } = row.unreadable;
    return { event: { event_id, unreadable: text }, problems: [{ path: '', message }] };
  }
  const { event, problems } = source.read(row.row, options.shiftMs ?? 0);
  return { event: { event_id, ...event }, problems };
}

function isComplete(event: NativeEvent): event is LoadedEvent {
  return event.event_id !== undefined && event.event_time !== undefined;
}

function timeColumn({ mapping }: Source): string {
  const rule = mapping.fields.event_time;
  return rule && 'column' in rule ? [rule.column].flat().join(' or ') : 'event_time';
}

function idOf({ name, mapping }: Source, row: Row, file: string): string {
  const content = 'unreadable' in row ? row.unreadable.text : contentOf(row.row);
  return mapping.identity === 'content'
    ? stableId('load', name, content)
    : stableId('load', name, file, String(row.offset), content);
}

/** Equal for records of equal bytes. What nests deep is written by the slower way, which cannot exhaust the stack. */
function contentOf(row: Readonly<Fields>): string {
  return jsonDepth(row) < 64 ? JSON.stringify(row) : canonicalJson(row);
}
