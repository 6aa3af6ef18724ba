import { FirestoreError } from '../firestore-error.ts';
import { microsOf, parseTimestamp } from '../timestamps.ts';
import type { Micros } from '../values.ts';
import type { Message } from './form.ts';

/*
 * Readers of a message's fields, in either form. A field of the wrong type is the client's error.
 */

export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws FirestoreError INVALID_ARGUMENT */
export function messageOf(value: unknown, what: string): Message {
  if (isMessage(value)) return value;
  throw new FirestoreError('INVALID_ARGUMENT', `Invalid value at "${what}": expected an object.`);
}

/** Absent is empty. @throws FirestoreError INVALID_ARGUMENT */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new FirestoreError('INVALID_ARGUMENT', `Invalid value at "${what}": expected an array.`);
}

/** Absent is empty. @throws FirestoreError INVALID_ARGUMENT */
export function textOf(value: unknown, what: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw new FirestoreError('INVALID_ARGUMENT', `Invalid value at "${what}": expected a string.`);
}

/** A number, its digits, or a wrapper `{value}` of it; undefined where absent. @throws FirestoreError INVALID_ARGUMENT */
export function integerOf(value: unknown, what: string): bigint | undefined {
  if (value === undefined || value === null) return undefined;
  const bare = isMessage(value) ? (value.value ?? 0) : value;
  const text = String(bare);
  if ((typeof bare === 'string' || typeof bare === 'number') && /^-?\d{1,19}$/.test(text))
    return BigInt(text);
  throw new FirestoreError('INVALID_ARGUMENT', `Invalid value at "${what}": expected an integer.`);
}

/** RFC 3339 text or `{seconds, nanos}`. @throws FirestoreError INVALID_ARGUMENT */
export function timestampOf(value: unknown, what: string): Micros {
  if (typeof value === 'string') return parseTimestamp(value);
  const { seconds, nanos } = messageOf(value, what);
  return microsOf(integerOf(seconds, what) ?? 0n, Number(nanos ?? 0));
}

/** Base64 text or bytes. @throws FirestoreError INVALID_ARGUMENT */
export function bytesOf(value: unknown, what: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return Buffer.from(value, 'base64');
  throw new FirestoreError('INVALID_ARGUMENT', `Invalid value at "${what}": expected bytes in base64.`);
}
