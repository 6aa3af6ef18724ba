const WHOLE = new Intl.NumberFormat('en');
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const RATE = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** A count, in full. */
export function whole(value: number): string {
  return WHOLE.format(value);
}

/** A count where room is scarce: 12.3K. */
export function short(value: number): string {
  return SHORT.format(value);
}

/** Events a second. */
export function rate(value: number): string {
  return `${RATE.format(value)}/s`;
}

/** Milliseconds, as a person reads them; – where there are none. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

/** A time of day with milliseconds, by the reader's clock. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

/** A cell of a table as text. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
