import { withDeadline } from './deadline.ts';

export interface CachedReadOptions<T> {
  /** What is read, for messages, as `the assortment`. */
  readonly what: string;
  readonly read: () => Promise<T>;
  /** How long an answer is reused, counted from the question. Milliseconds. */
  readonly ttlMs: number | ((answer: T) => number);
  /** How long an answer is waited for. Milliseconds. */
  readonly deadlineMs: number;
  readonly clock: () => number;
}

/**
 * Reads at most once per `ttlMs`. Calls share the read that is under way; one that fails, or does not answer in time, is
 * forgotten, and the next call reads again.
 * @throws TransientError where no answer came in time; whatever `read` throws
 */
export function makeCachedRead<T>(options: CachedReadOptions<T>): () => Promise<T> {
  const { what, read, ttlMs, deadlineMs, clock } = options;
  let known: { readonly expires: number; readonly answer: T } | undefined;
  let reading: Promise<T> | undefined;

  const ask = async (): Promise<T> => {
    const began = clock();
    try {
      const answer = await withDeadline(read(), deadlineMs, `${what} could not be read`);
      known = { expires: began + (typeof ttlMs === 'number' ? ttlMs : ttlMs(answer)), answer };
      return answer;
    } finally {
      reading = undefined;
    }
  };

  return async () => {
    if (known && known.expires > clock()) return known.answer;
    reading ??= ask();
    return reading;
  };
}
