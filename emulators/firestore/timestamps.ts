import { FirestoreError } from './firestore-error.ts';
import type { Micros } from './values.ts';

/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z. */
const EARLIEST = -62_135_596_800_000_000n;
const LATEST = 253_402_300_799_999_999n;

const RFC3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * A time in RFC 3339 form; what is finer than microseconds is cut off.
 * @throws FirestoreError INVALID_ARGUMENT
 */
export function parseTimestamp(text: string): Micros {
  const [, date, time, fraction = '', zone] = RFC3339.exec(text) ?? [];
  const millis = Date.parse(`${date}T${time}${zone?.toUpperCase()}`);
  if (Number.isNaN(millis)) throw new FirestoreError('INVALID_ARGUMENT', `Invalid timestamp "${text}".`);
  return inRange(BigInt(millis) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6)));
}

/** A time as google.protobuf.Timestamp has it. @throws FirestoreError INVALID_ARGUMENT */
export function microsOf(seconds: bigint, nanos: number): Micros {
  return inRange(seconds * 1_000_000n + BigInt(Math.floor(nanos / 1000)));
}

/** In RFC 3339 form, with six digits of a second's fraction. */
export function formatTimestamp(micros: Micros): string {
  const { seconds, nanos } = timestampParts(micros);
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}.${String(nanos / 1000).padStart(6, '0')}Z`;
}

/** As google.protobuf.Timestamp: nanos are never negative. */
export function timestampParts(micros: Micros): { readonly seconds: bigint; readonly nanos: number } {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return { seconds: (micros - fraction) / 1_000_000n, nanos: Number(fraction) * 1000 };
}

function inRange(micros: Micros): Micros {
  if (micros >= EARLIEST && micros <= LATEST) return micros;
  throw new FirestoreError('INVALID_ARGUMENT', 'Timestamp is out of the range from year 1 to year 9999.');
}
