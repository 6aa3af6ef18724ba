import type { Json } from '../../shared/json.ts';

/** Control characters other than tab and line ends: no column, log or screen has a use for them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** Nothing but printable ASCII: clean already, but for the space around it. */
const PLAIN = /^[ -~]*$/;

/** Text that every store takes: valid Unicode, composed, without control characters or surrounding space. */
export function clean(text: string): string {
  if (PLAIN.test(text)) return text.trim();
  return text.toWellFormed().replace(CONTROL, '').normalize('NFC').trim();
}

/** The same JSON with each string and key cleaned. */
export function cleanJson<T extends Json | Record<string, unknown>>(value: T): T {
  return mapStrings(value, clean) as T;
}

/** The same JSON with a function applied to each string and each key. */
function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [change(key), mapStrings(item, change)]),
  );
}
