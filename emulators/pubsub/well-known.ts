import { invalid } from './pubsub-error.ts';

/** google.protobuf.Duration and Timestamp as plain objects; seconds as decimal strings. */
interface SecondsAndNanos {
  readonly seconds?: string | number;
  readonly nanos?: number;
}

/** Milliseconds of a Duration or Timestamp; undefined where the field is not set. */
export function millisOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const { seconds = 0, nanos = 0 } = value as SecondsAndNanos;
  return Number(seconds) * 1000 + Math.trunc(nanos / 1e6);
}

/** A Duration, or a Timestamp from epoch milliseconds. */
export function fromMillis(ms: number): SecondsAndNanos {
  const seconds = Math.floor(ms / 1000);
  const nanos = Math.round((ms - seconds * 1000) * 1e6);
  return nanos === 0 ? { seconds: String(seconds) } : { seconds: String(seconds), nanos };
}

/**
 * A Duration field within bounds, in milliseconds.
 * @throws PubSubError INVALID_ARGUMENT
 */
export function boundedMillis(
  field: string,
  value: unknown,
  { least, most, otherwise }: { readonly least: number; readonly most: number; readonly otherwise: number },
): number {
  const ms = millisOf(value) ?? otherwise;
  if (!(ms >= least && ms <= most))
    throw invalid(`${field} is ${ms / 1000} s; it must lie between ${least / 1000} s and ${most / 1000} s.`);
  return ms;
}
