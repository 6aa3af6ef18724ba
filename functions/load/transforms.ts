import { DateTime, Info } from 'luxon';
import { isoTime, readUtcTime } from '../../shared/iso-time.ts';
import type { ColumnRule } from './mapping.ts';

/** What a column's value became, or what it should have been. */
export type Transformed = { readonly value: string | number | boolean } | { readonly expected: string };

/** Reads one value as its rule says. `shiftMs` is added to times, as are the milliseconds of `plus`. */
export type ReadValue = (raw: unknown, shiftMs: number, plus?: unknown) => Transformed;

/** Dates beyond these, in epoch milliseconds, are a wrong unit and not a date: the years 1990 and 2100. */
const EARLIEST = Date.UTC(1990, 0);
const LATEST = Date.UTC(2100, 0);
/** Characters of a time in ISO 8601; patterns are not to be tried on whatever a record may hold. */
const MAX_TIME_LENGTH = 64;
/** Milliseconds in one of the unit, for the units that epochs are in. */
const UNITS = [1_000, 1, 0.001] as const;

/**
 * The reader of a rule's values.
 * @throws RangeError for a zone that is none
 */
export function compileTransform(rule: ColumnRule): ReadValue {
  const { values } = rule;
  if (values) return (raw) => listed(raw, values);
  const read = compileText(rule);
  return (raw, shiftMs, plus) =>
    typeof raw === 'object' ? { expected: 'one value' } : read(String(raw).trim(), shiftMs, plus);
}

function compileText(rule: ColumnRule): (text: string, shiftMs: number, plus: unknown) => Transformed {
  switch (rule.as) {
    case 'text':
      return (text) => ({ value: text });
    case 'number':
      return (text) => {
        const number = numberOf(rule.decimal === ',' ? text.replaceAll('.', '').replace(',', '.') : text);
        return number === undefined
          ? { expected: `a number such as 12${rule.decimal}5` }
          : { value: rule.multiply === undefined ? number : round(number * rule.multiply) };
      };
    case 'boolean':
      return (text) => {
        if (/^(true|t|yes|y|1)$/i.test(text)) return { value: true };
        if (/^(false|f|no|n|0)$/i.test(text)) return { value: false };
        return { expected: 'true or false' };
      };
    case 'epoch':
      return (text, shiftMs, plus) => {
        const number = numberOf(text) ?? Number.NaN;
        const unit = UNITS.find((each) => number * each >= EARLIEST && number * each <= LATEST) ?? Number.NaN;
        return timeOf(number * unit, shiftMs, plus, 'seconds, milliseconds or microseconds since 1970');
      };
    case 'iso': {
      const zone = zoneOf(rule);
      const expected = 'an ISO 8601 date and time such as 2026-11-21T09:30:00Z';
      return (text, shiftMs, plus) => timeOf(readIso(text, zone), shiftMs, plus, expected);
    }
    case 'date': {
      const zone = zoneOf(rule);
      const format = rule.format ?? '';
      const parser = DateTime.buildFormatParser(format, { locale: 'en-US' });
      return (text, shiftMs, plus) => {
        const ms = DateTime.fromFormatParser(text, parser, { zone, locale: 'en-US' }).toMillis();
        return timeOf(ms, shiftMs, plus, `a date of the form ${format}`);
      };
    }
  }
}

function zoneOf({ zone = 'utc' }: ColumnRule): string {
  // Not by a DateTime: its locale is the system's, which takes 20 ms to find.
  if (!Info.normalizeZone(zone).isValid) {
    throw new RangeError(`zone ${zone} is not known; name one such as Europe/Berlin`);
  }
  return zone;
}

/** Exports write a space for the T, and UTC for the Z. */
function readIso(text: string, zone: string): number {
  if (text.length > MAX_TIME_LENGTH || !/^\d{4}-\d\d-\d\d/.test(text)) return Number.NaN;
  const iso = text.replace(' ', 'T').replace(/\s*UTC$/, 'Z');
  const inUtc = iso.endsWith('Z') ? iso.slice(0, -1) : iso;
  // Most exports write this one form; luxon reads all, in more than ten times the time.
  const time = inUtc !== iso || zone === 'utc' ? readUtcTime(inUtc) : Number.NaN;
  return Number.isNaN(time) ? DateTime.fromISO(iso, { zone, locale: 'en-US' }).toMillis() : time;
}

function timeOf(ms: number, shiftMs: number, plus: unknown, expected: string): Transformed {
  const at = Math.round(ms + addedMs(plus));
  return at >= EARLIEST && at <= LATEST ? { value: isoTime(at + shiftMs) } : { expected };
}

function addedMs(plus: unknown): number {
  if (plus === undefined || plus === null || plus === '') return 0;
  return (typeof plus === 'object' ? undefined : numberOf(String(plus))) ?? Number.NaN;
}

/** Each digit fits the pattern in one way only: of two, a long text would take its length squared. */
function numberOf(text: string): number | undefined {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : undefined;
}

/** Without the digits that binary fractions add: 1999 × 0.01 is 19.99. */
function round(number: number): number {
  return Number(number.toPrecision(15));
}

function listed(raw: unknown, values: Readonly<Record<string, string>>): Transformed {
  const key = typeof raw === 'object' ? '' : String(raw).trim();
  const value = Object.hasOwn(values, key) ? values[key] : values['*'];
  if (value === undefined) return { expected: `one of ${Object.keys(values).join(', ')}` };
  return { value: value === '*' ? key : value };
}
