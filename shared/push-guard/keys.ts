import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { messageOf, TransientError } from '../errors.ts';

/** Public keys as PEM, by their id. */
export type Keys = Readonly<Record<string, string>>;

/** Google changes its keys within days; an unknown one is looked for at once, though not by every request that names one. */
const TTL_MS = 3_600_000;
const LOOK_AGAIN_MS = 10_000;
/** Keys that were read serve for so long where they cannot be read anew. */
const STALE_MS = 24 * 3_600_000;
const TIMEOUT_MS = 5_000;

/**
 * Keys from an address, kept for an hour. While they cannot be read, those that are known go on to serve until a day after they were
 * read, and it is tried again every ten seconds. Who asks at the same time shares one reading.
 * @param url of a JSON Web Key Set
 * @returns the keys among which the named one should be. Rejects with TransientError where it is unknown and keys cannot be read.
 */
export function makeKeys(url: string, clock: () => number): (id: string) => Promise<Keys> {
  let keys: Keys = {};
  let readAt = Number.NEGATIVE_INFINITY;
  let failure: { readonly at: number; readonly error: TransientError } | undefined;
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) throw new Error(`the answer was ${response.status}`);
      keys = pemKeys((await response.json()) as { readonly keys: readonly JsonWebKey[] });
      readAt = clock();
      failure = undefined;
    } catch (error) {
      const message = `the keys of push tokens could not be read from ${url}: ${messageOf(error)}`;
      failure = { at: clock(), error: new TransientError(message, { cause: error }) };
    }
  };

  return async (id) => {
    const isKnown = (): boolean => Object.hasOwn(keys, id);
    if (clock() - readAt < (isKnown() ? TTL_MS : LOOK_AGAIN_MS)) return keys;
    if (failure === undefined || clock() - failure.at >= LOOK_AGAIN_MS) {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      await reading;
    }
    if (failure === undefined || (isKnown() && clock() - readAt < STALE_MS)) return keys;
    throw failure.error;
  };
}

function pemKeys({ keys }: { readonly keys: readonly JsonWebKey[] }): Keys {
  return Object.fromEntries(
    keys.map((key) => [
      String(key.kid),
      createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString(),
    ]),
  );
}
