import type { IngestClient } from '../../emulators/ingest-client.ts';
import type { Random } from '../../emulators/shop/random.ts';
import type { Step } from './journeys.ts';

export interface SendOptions {
  readonly steps: readonly Step[];
  readonly ingest: IngestClient;
  /** How long sending is stretched to take at least; 0: as fast as ingest accepts. */
  readonly seconds: number;
  /** Has requests overtake each other, and some come twice; undefined: all in order, each once. */
  readonly disorder: Random | undefined;
}

/** Events of one request. */
const REQUEST_EVENTS = 25;
/** Requests at a time. */
const CONCURRENCY = 12;
/** Requests among which the next to go is drawn. */
const SHUFFLED = 8;
const TWICE = 0.03;

/**
 * Sends every event until ingest answers 2xx for each.
 * @returns how many requests were sent twice on purpose
 */
export async function sendSteps({ steps, ingest, seconds, disorder }: SendOptions): Promise<number> {
  const requests = requestsOf(steps);
  const began = Date.now();
  const paceMs = (seconds * 1000) / requests.length;
  let next = 0;
  let twice = 0;

  const draw = (): readonly Step[] | undefined => {
    const ahead = disorder ? disorder.below(Math.min(SHUFFLED, requests.length)) : 0;
    return requests.splice(ahead, 1)[0];
  };
  const worker = async (): Promise<void> => {
    for (let request = draw(); request; request = draw()) {
      const due = began + next * paceMs;
      next += 1;
      if (due > Date.now()) await new Promise((resolve) => setTimeout(resolve, due - Date.now()));
      await send(ingest, request);
      if (!disorder?.chance(TWICE)) continue;
      twice += 1;
      await send(ingest, request);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return twice;
}

/** Steps in order, a request's all by clients whose clocks agree. */
function requestsOf(steps: readonly Step[]): (readonly Step[])[] {
  const open = new Map<number, Step[]>();
  const requests: Step[][] = [];
  for (const step of steps) {
    let request = open.get(step.skewMs);
    if (!request || request.length === REQUEST_EVENTS) {
      request = [];
      open.set(step.skewMs, request);
      requests.push(request);
    }
    request.push(step);
  }
  return requests;
}

async function send(ingest: IngestClient, request: readonly Step[]): Promise<void> {
  const skewMs = request[0]?.skewMs ?? 0;
  const events = request.map(({ event }) => event);
  await ingest.send(
    events,
    skewMs === 0 ? {} : { sentAt: () => new Date(Date.now() + skewMs).toISOString() },
  );
}
