import { isoTime, parseTime } from '../../../shared/iso-time.ts';
import type { Fields } from '../../../shared/json.ts';

/** The value as a list; undefined for anything else. */
export function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** Without the fields that are undefined or null: trackers send null for what they do not know. */
export function compact<T extends Fields>(fields: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
  const kept: { [Name in keyof T]?: NonNullable<T[Name]> } = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined && value !== null) kept[key] = value;
  }
  return kept;
}

/** Without the fields that are undefined; undefined where nothing is left, so that an empty object is no field. */
export function definedOrNone(fields: Fields): Record<string, unknown> | undefined {
  const kept: Record<string, unknown> = {};
  let some = false;
  for (const key in fields) {
    if (fields[key] === undefined) continue;
    kept[key] = fields[key];
    some = true;
  }
  return some ? kept : undefined;
}

/** Characters of a number. */
const NUMBER_LENGTH = 64;

/**
 * A number of a loosely typed tracker: numeric text becomes a number. Anything else stays as it is, so that the schema
 * names it where it does not fit; empty text is no value.
 */
export function numeric(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > NUMBER_LENGTH) return value;
  const text = value.trim();
  if (text === '') return undefined;
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : value;
}

/** An identifier or text: numbers become text; empty text is no value. Anything else stays, to be named by the schema. */
export function textual(value: unknown): unknown {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return value === '' ? undefined : value;
}

/** The first of the names whose field has a value, but for those `taken`. */
export function firstNamed(
  fields: Fields,
  names: readonly string[],
  taken: readonly string[] = [],
): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (value !== undefined && value !== null && value !== '' && !taken.includes(name)) return name;
  }
  return undefined;
}

/** The value of the field that `firstNamed` names. */
export function firstOf(fields: Fields, names: readonly string[], taken?: readonly string[]): unknown {
  const name = firstNamed(fields, names, taken);
  return name === undefined ? undefined : fields[name];
}

/** The fields but the named ones. */
export function without(fields: Fields, names: ReadonlySet<string>): Record<string, unknown> {
  const rest: Record<string, unknown> = {};
  for (const key in fields) if (!names.has(key)) rest[key] = fields[key];
  return rest;
}

/**
 * A time as RFC 3339 in UTC: from text that names a day at least, or from a number of milliseconds (numeric text too).
 * What is no time stays as it is, so that the schema names it.
 */
export function instant(value: unknown): unknown {
  const ms = numeric(value);
  if (ms === undefined || ms === null) return undefined;
  const time = typeof ms === 'number' ? ms : typeof ms === 'string' ? dateOf(ms) : Number.NaN;
  // RFC 3339 has four digits for the year.
  return time >= -62_135_596_800_000 && time < 253_402_300_800_000 ? isoTime(time) : value;
}

function dateOf(text: string): number {
  return text.length <= 40 && /^\d{4}-\d{2}-\d{2}/.test(text) ? parseTime(text) : Number.NaN;
}
