/** The range of `Date`. https://tc39.es/ecma262/#sec-time-values-and-time-range */
const LAST_MS = 8.64e15;
const DAY_MS = 86_400_000;
/** Days whose date is remembered, at most; times in one batch are of few. */
const REMEMBERED_DAYS = 1000;

const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const ZERO = 0x30;
const THREE_DIGITS = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

/** `2026-11-21T` by days since 1970. */
const dates = new Map<number, string>();
/** The first millisecond of `2026-11-21`; NaN for what is no date. */
const midnights = new Map<string, number>();

/**
 * What `new Date(ms).toISOString()` says, in less than a tenth of the time: the date is worked out once for each day.
 * @param ms epoch milliseconds
 * @throws RangeError outside of the range of `Date`
 */
export function isoTime(ms: number): string {
  const time = Math.trunc(ms);
  if (!(Math.abs(time) <= LAST_MS)) throw new RangeError(`${ms} is no time`);
  const day = Math.floor(time / DAY_MS);
  const second = Math.floor((time - day * DAY_MS) / 1000);
  const minute = Math.floor(second / 60);
  const clock = `${TWO_DIGITS[Math.floor(minute / 60)]}:${TWO_DIGITS[minute % 60]}:${TWO_DIGITS[second % 60]}`;
  return `${dateOf(day, time)}${clock}.${THREE_DIGITS[time - day * DAY_MS - second * 1000]}Z`;
}

function dateOf(day: number, time: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = new Date(time).toISOString().replace(/T.*/, 'T');
  if (dates.size === REMEMBERED_DAYS) dates.clear();
  dates.set(day, date);
  return date;
}

/**
 * What `Date.parse` says, in half the time and less where the text is in the form of `Date.toISOString`, as most are.
 * @returns epoch milliseconds; NaN for what is no time
 */
export function parseTime(text: string): number {
  const time = text.endsWith('Z') ? readUtcTime(text.slice(0, -1)) : Number.NaN;
  return Number.isNaN(time) ? Date.parse(text) : time;
}

/**
 * Reads a date and time without a zone, in UTC: `2026-11-21T09:30:00` or `2026-11-21T09:30:00.000`. The date is worked out once for
 * each day.
 * @returns epoch milliseconds; NaN for any other form, also where it is a time, and for days that no calendar has
 */
export function readUtcTime(text: string): number {
  const { length } = text;
  if ((length !== 19 && length !== 23) || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') {
    return Number.NaN;
  }
  const minutes = number(text, 11, 23) * 60 + number(text, 14, 59);
  const seconds = minutes * 60 + number(text, 17, 59);
  const atSecond = midnightOf(text.slice(0, 10)) + seconds * 1000;
  if (length === 19) return atSecond;
  return text[19] === '.' ? atSecond + number(text, 20, 99) * 10 + digit(text, 22) : Number.NaN;
}

/** The number in two digits from a place on; NaN for any other, and beyond `most`. */
function number(text: string, at: number, most: number): number {
  const both = digit(text, at) * 10 + digit(text, at + 1);
  return both <= most ? both : Number.NaN;
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

function midnightOf(date: string): number {
  const known = midnights.get(date);
  if (known !== undefined) return known;
  const parsed = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) : Number.NaN;
  // `Date.parse` takes February 30 for March 2.
  const midnight = !Number.isNaN(parsed) && isoTime(parsed).startsWith(date) ? parsed : Number.NaN;
  if (midnights.size === REMEMBERED_DAYS) midnights.clear();
  midnights.set(date, midnight);
  return midnight;
}
