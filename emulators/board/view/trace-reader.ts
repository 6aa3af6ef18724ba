import { z } from 'zod';
import type { StoredSpan } from '../../traces/span.ts';
import type { TraceSpan } from './protocol.ts';
import { spanTree } from './span-tree.ts';

const Summaries = z.object({ traces: z.array(z.object({ trace_id: z.string() })) });

/**
 * Reads the trace of an event from the local receiver (docs/tracing.md): the newest one that names it. Empty where there is
 * none, or no receiver.
 * @param url of the receiver; undefined where spans go elsewhere
 */
export function makeTraceReader(url: string | undefined): (eventId: string) => Promise<readonly TraceSpan[]> {
  if (url === undefined) return async () => [];
  const ask = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(2000) });
    if (response.ok) return response.json();
    await response.body?.cancel();
    return undefined;
  };
  return async (eventId) => {
    try {
      const summaries = Summaries.safeParse(await ask(`/traces?event=${encodeURIComponent(eventId)}`));
      const [newest] = summaries.data?.traces ?? [];
      if (!newest) return [];
      const found = (await ask(`/traces/${newest.trace_id}`)) as
        | { readonly spans?: readonly StoredSpan[] }
        | undefined;
      return spanTree(found?.spans ?? []);
    } catch {
      // Without spans the event's steps are shown all the same.
      return [];
    }
  };
}
