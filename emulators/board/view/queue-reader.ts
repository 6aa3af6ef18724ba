import { z } from 'zod';
import type { QueueFigures } from './protocol.ts';

/** As our Pub/Sub emulator lists them; see emulators/pubsub/rest/page.ts. */
const Subscriptions = z.object({
  subscriptions: z.array(
    z.object({
      name: z.string(),
      backlog: z.number(),
      oldest_unacked_seconds: z.number(),
      acked: z.number(),
      dead_lettered: z.number(),
    }),
  ),
});

/** How many seconds a subscription's rate is of. */
const WINDOW_MS = 3000;

interface Count {
  readonly at: number;
  readonly acked: number;
}

/**
 * Reads subscriptions' figures from our Pub/Sub emulator, by their short names. Google's has no such face: there, none.
 * @param url of the emulator
 */
export function makeQueueReader(
  url: string,
  clock: () => number = Date.now,
): () => Promise<Readonly<Record<string, QueueFigures>>> {
  const counts = new Map<string, Count[]>();
  const perSecond = (name: string, acked: number): number => {
    const now = { at: clock(), acked };
    const kept = [...(counts.get(name) ?? []), now];
    while ((kept[1]?.at ?? Number.POSITIVE_INFINITY) <= now.at - WINDOW_MS) kept.shift();
    counts.set(name, kept);
    const [first = now] = kept;
    return first.at === now.at ? 0 : (1000 * Math.max(0, acked - first.acked)) / (now.at - first.at);
  };
  return async () => {
    const answer = await ask(url);
    const { subscriptions } = Subscriptions.parse(answer ?? { subscriptions: [] });
    return Object.fromEntries(
      subscriptions.map((each) => {
        const name = each.name.slice(each.name.lastIndexOf('/') + 1);
        const figures: QueueFigures = {
          backlog: each.backlog,
          oldestSeconds: each.oldest_unacked_seconds,
          perSecond: perSecond(name, each.acked),
          deadLettered: each.dead_lettered,
        };
        return [name, figures];
      }),
    );
  };
}

/** Undefined where the emulator has no such face, or does not answer now. */
async function ask(url: string): Promise<unknown> {
  try {
    const response = await fetch(`${url}/_emulator/subscriptions`, { signal: AbortSignal.timeout(2000) });
    if (response.ok) return await response.json();
    await response.body?.cancel();
  } catch {
    // Its figures are missing from this snapshot; the next asks again.
  }
  return undefined;
}
