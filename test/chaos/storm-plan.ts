import type { Fault } from '../../emulators/faults/fault.ts';
import { makeRandom, type Random } from '../../emulators/shop/random.ts';

/** Something that is done to the pipeline, so long after the storm began. */
export type Gust = { readonly atMs: number } & (
  | { readonly kind: 'end'; readonly function: string; readonly signal: 'SIGKILL' | 'SIGTERM' }
  | { readonly kind: 'faults'; readonly emulator: string; readonly faults: readonly Fault[] }
);

/** Functions that a click passes, by request or by file. */
const VICTIMS = ['ingest', 'load', 'enrich', 'warehouse', 'recommend', 'push'] as const;

/** What each service is known to do on a bad day. One of these at a time. */
const WEATHER: Readonly<Record<string, readonly [Fault, ...Fault[]]>> = {
  pubsub: [
    { methods: ['Publish'], code: 'UNAVAILABLE', rate: 0.3 },
    { methods: ['Publish'], code: 'UNAVAILABLE' },
    { methods: ['Publish'], reset: true, rate: 0.2 },
    { methods: ['Publish'], hang: true, rate: 0.3 },
    { methods: ['Publish'], latency_ms: 200 },
  ],
  firestore: [
    { methods: ['BatchWrite', 'Commit'], code: 'ABORTED', rate: 0.4 },
    { methods: ['BatchWrite', 'Commit'], code: 'RESOURCE_EXHAUSTED', rate: 0.5 },
    { methods: ['BatchWrite', 'Commit'], reset: true, rate: 0.2 },
    { methods: ['BatchWrite', 'Commit', 'BatchGetDocuments', 'RunQuery'], code: 'UNAVAILABLE' },
    { methods: ['BatchGetDocuments'], code: 'DEADLINE_EXCEEDED', rate: 0.5 },
    { methods: ['BatchWrite', 'BatchGetDocuments'], latency_ms: 150 },
  ],
  bigquery: [
    { methods: ['AppendRows'], code: 'RESOURCE_EXHAUSTED', rate: 0.5 },
    { methods: ['AppendRows'], code: 'UNAVAILABLE' },
    { methods: ['AppendRows'], reset: true, rate: 0.3 },
    { methods: ['AppendRows'], hang: true, rate: 0.3 },
    { bad_rows: 0.003 },
  ],
  vertex: [
    { code: 'UNAVAILABLE' },
    { code: 'RESOURCE_EXHAUSTED', rate: 0.5 },
    { hang: true, rate: 0.5 },
    { latency_ms: 400 },
  ],
  storage: [
    { methods: ['GET'], code: 'UNAVAILABLE' },
    { methods: ['GET'], code: 'RESOURCE_EXHAUSTED', rate: 0.5 },
    { methods: ['GET'], reset: true, rate: 0.3 },
    { methods: ['GET'], latency_ms: 300 },
  ],
  fcm: [{ code: 'RESOURCE_EXHAUSTED' }, { code: 'UNAVAILABLE', rate: 0.5 }, { hang: true }],
};
/** All the while, whatever else: messages come twice and overtake each other. */
const UNREST: Fault = { duplicates: 0.03, reorder: 50 };

const LONGEST_FAULT_MS = 3500;

/** A storm of so many seconds: the same seed, the same storm. In order of time; it ends with everything healed. */
export function planStorm(seed: number, seconds: number): readonly Gust[] {
  const random = makeRandom(seed ^ 0x5707_4e11);
  const endMs = seconds * 1000;
  const services = Object.entries(WEATHER).flatMap(([emulator, weather]) =>
    spells(random, emulator, weather, endMs),
  );
  return [...services, ...killings(random, endMs)].sort((a, b) => a.atMs - b.atMs);
}

/** Good and bad spells of one service, in turn. */
function spells(
  random: Random,
  emulator: string,
  weather: readonly [Fault, ...Fault[]],
  endMs: number,
): readonly Gust[] {
  const lasting = emulator === 'pubsub' ? [UNREST] : [];
  const gusts: Gust[] = [{ atMs: 0, kind: 'faults', emulator, faults: lasting }];
  for (let atMs = random.below(3000); atMs < endMs; ) {
    gusts.push({ atMs, kind: 'faults', emulator, faults: [...lasting, random.pick(weather)] });
    atMs += 500 + random.below(LONGEST_FAULT_MS - 500);
    if (atMs < endMs) gusts.push({ atMs, kind: 'faults', emulator, faults: lasting });
    atMs += 1000 + random.below(5000);
  }
  return [...gusts, { atMs: endMs, kind: 'faults', emulator, faults: [] }];
}

function killings(random: Random, endMs: number): readonly Gust[] {
  const gusts: Gust[] = [];
  for (let atMs = 500 + random.below(1500); atMs < endMs; atMs += 1000 + random.below(2500)) {
    const signal = random.chance(0.6) ? 'SIGKILL' : 'SIGTERM';
    gusts.push({ atMs, kind: 'end', function: random.pick(VICTIMS), signal });
  }
  return gusts;
}
