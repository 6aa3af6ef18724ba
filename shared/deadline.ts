import { TransientError } from './errors.ts';

/**
 * The promise's own outcome, if it has one in time. What was asked goes on unheard: it must do no harm later.
 * @param ms milliseconds
 * @param late says what happened where it has none
 * @throws TransientError with these words
 */
export async function withDeadline<T>(promise: Promise<T>, ms: number, late: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TransientError(`${late} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
