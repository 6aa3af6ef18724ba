import { NativeEvent } from '../../shared/events.ts';
import { stableId } from '../../shared/ids.ts';
import { canonicalJson, jsonDepth } from '../../shared/json.ts';
import { LIMITS } from '../../shared/limits.ts';
import { describeIssues } from '../../shared/message.ts';
import type { Row } from './formats/row.ts';
import type { FieldRule, Mapping } from './mapping.ts';
import { transform } from './transforms.ts';

export interface MapRowOptions {
  /** What distinguishes the file from others of its source: its name, not where or when it was put. */
  readonly file: string;
  /** Added to event times, in milliseconds. */
  readonly shiftMs?: number;
}

/** A native event with the id and time that a loaded event always has. */
export type LoadedEvent = NativeEvent & { readonly event_id: string; readonly event_time: string };

/** Why a row is no event. */
export interface RowFailure {
  /** The column, or the field where the event as a whole is at fault. */
  readonly path: string;
  readonly message: string;
  /** The row as it was read. */
  readonly payload: unknown;
  /** The id that the event would have. */
  readonly event_id: string;
}

export type MappedRow = { readonly ok: LoadedEvent } | { readonly failure: RowFailure };

interface Problem {
  readonly path: string;
  readonly message: string;
}
type Fields = Record<string, unknown>;

/**
 * Maps one row. The `event_id` follows from the source, the file, the row's position and its content: a file loaded
 * again adds nothing, and two equal rows are two events.
 */
export function mapRow(mapping: Mapping, row: Row, options: MapRowOptions): MappedRow {
  if ('unreadable' in row) {
    const { message, text } = row.unreadable;
    const payload = { file: options.file, position: row.position, text };
    return { failure: { path: '', message, payload, event_id: idOf(mapping, row, options.file) } };
  }
  const payload = row.row;
  const fail = (problem: Problem): MappedRow => ({
    failure: { ...problem, payload, event_id: idOf(mapping, row, options.file) },
  });
  const { event, problems } = mapFields(mapping, row, options);
  const problem = problems[0];
  if (problem) return fail(problem);
  if (jsonDepth(event, LIMITS.depth + 2) > LIMITS.depth + 2) {
    return fail({ path: '', message: 'the record nests too deep' });
  }
  const parsed = NativeEvent.safeParse(event);
  if (!parsed.success) return fail(describeIssues(parsed.error));
  const { event_id, event_time } = parsed.data;
  if (event_id === undefined || event_time === undefined) {
    const path = mapping.fields.event_time;
    const column = path && 'column' in path ? path.column : 'event_time';
    return fail({ path: column, message: `${column} is empty; expected a time` });
  }
  return { ok: { ...parsed.data, event_id, event_time } };
}

/**
 * The event as far as the row gives one: values that cannot be read stay as they are, for the collector to reject. For
 * a replay, which sends whatever a file holds. `problems` is what `mapRow` would have refused.
 */
export function mapRowLeniently(
  mapping: Mapping,
  row: Row,
  options: MapRowOptions,
): { readonly event: Readonly<Fields>; readonly problems: readonly Problem[] } {
  if ('unreadable' in row) {
    const { message, text } = row.unreadable;
    const event_id = idOf(mapping, row, options.file);
    return { event: { event_id, unreadable: text }, problems: [{ path: '', message }] };
  }
  return mapFields(mapping, row, options);
}

function mapFields(
  mapping: Mapping,
  source: Extract<Row, { row: unknown }>,
  { file, shiftMs = 0 }: MapRowOptions,
): { event: Fields; problems: Problem[] } {
  const { row } = source;
  const id = idOf(mapping, source, file);
  if (mapping.records === 'native') {
    const shifted = typeof row.event_time === 'string' ? shiftTime(row.event_time, shiftMs) : {};
    return { event: { event_id: id, ...row, ...shifted }, problems: [] };
  }
  const problems: Problem[] = [];
  const read = (rule: FieldRule): unknown => {
    if ('constant' in rule) return rule.constant;
    const raw = columnOf(row, rule.column);
    if (raw === undefined || raw === null || raw === '') return undefined;
    const result = rule.values ? listed(raw, rule.values) : transform(raw, rule.as, shiftMs);
    if ('value' in result) return result.value;
    problems.push({
      path: rule.column,
      message: `${rule.column} is ${shown(raw)}; expected ${result.expected}`,
    });
    return raw;
  };
  const event: Fields = { event_id: id };
  for (const [field, rule] of Object.entries(mapping.fields)) assign(event, field, read(rule));
  const items = mapping.items
    .map((rules) => record(Object.entries(rules).map(([name, rule]) => [name, read(rule)])))
    .filter((item) => Object.keys(item).length > 0);
  if (items.length > 0) event.items = items;
  const properties = record(Object.entries(mapping.properties).map(([name, rule]) => [name, read(rule)]));
  if (Object.keys(properties).length > 0) event.properties = properties;
  return { event, problems };
}

function idOf(mapping: Mapping, row: Row, file: string): string {
  const content = 'unreadable' in row ? row.unreadable.text : canonicalJson(row.row);
  return stableId('load', mapping.name, file, String(row.position), content);
}

function record(entries: readonly (readonly [string, unknown])[]): Fields {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Sets `page.url` and the like; an absent value sets nothing. */
function assign(event: Fields, field: string, value: unknown): void {
  if (value === undefined) return;
  const [outer = field, inner] = field.split('.');
  if (inner === undefined) event[outer] = value;
  else event[outer] = { ...(event[outer] as Fields | undefined), [inner]: value };
}

/** The cell of a column; a dotted name that is no column reaches into a JSON record. */
function columnOf(row: Readonly<Fields>, column: string): unknown {
  if (Object.hasOwn(row, column)) return row[column];
  let value: unknown = row;
  for (const key of column.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = (value as Fields)[key];
  }
  return value;
}

function listed(
  raw: unknown,
  values: Readonly<Record<string, string>>,
): { value: string } | { expected: string } {
  const key = typeof raw === 'object' ? '' : String(raw).trim();
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  return value === undefined ? { expected: `one of ${Object.keys(values).join(', ')}` } : { value };
}

function shiftTime(time: string, shiftMs: number): Fields {
  const ms = Date.parse(time);
  return shiftMs === 0 || Number.isNaN(ms) ? {} : { event_time: new Date(ms + shiftMs).toISOString() };
}

/** A value for a message, short enough to read. */
function shown(raw: unknown): string {
  const text = JSON.stringify(raw) ?? String(raw);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
