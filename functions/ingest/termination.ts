import { messageOf } from '../../shared/errors.ts';
import type { Logger } from '../../shared/log.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
type Handler = (...parameters: readonly unknown[]) => void;

/** The parts of `process` that ending takes. */
export interface Host {
  on(event: string, handler: Handler): unknown;
  off(event: string, handler: Handler): unknown;
  exit(code: number): unknown;
}

/**
 * Ends the process in order: on the first signal `finish` runs, for at most `limitMs`, then the process exits.
 * functions-framework's own handlers, which answer a request in flight with 500 and exit at once, are removed
 * as they are added. Cloud Run allows 10 s after SIGTERM.
 */
export function endInOrder(
  finish: () => Promise<void>,
  { limitMs, log, host = process }: { readonly limitMs: number; readonly log: Logger; readonly host?: Host },
): void {
  let ending = false;
  const handler: Handler = () => {
    if (ending) return;
    ending = true;
    const limit = setTimeout(() => {
      log.warn(
        `requests were still unanswered ${limitMs} ms after the signal to end; their clients will retry`,
      );
      host.exit(0);
    }, limitMs);
    finish()
      .catch((error: unknown) => log.error(`ending in order failed: ${messageOf(error)}`, { error }))
      .finally(() => {
        clearTimeout(limit);
        host.exit(0);
      });
  };
  for (const signal of SIGNALS) host.on(signal, handler);
  host.on('newListener', (event, added) => {
    if (SIGNALS.some((signal) => signal === event) && added !== handler) {
      queueMicrotask(() => host.off(String(event), added as Handler));
    }
  });
}
