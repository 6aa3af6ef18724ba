import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeStats } from '../../emulators/board/stats.ts';
import { readConservation, settled } from '../../emulators/conservation.ts';
import { makeIngestClient } from '../../emulators/ingest-client.ts';
import { trainOnPast } from '../../emulators/shop/short-past.ts';
import { startStack } from '../../emulators/stack.ts';
import { openStores } from '../../emulators/stores.ts';
import { untilEmpty } from '../../emulators/until-empty.ts';
import { makeCrowd } from './crowd.ts';
import { liveHeapOf } from './live-heap.ts';
import {
  type BacklogFigures,
  type GrowthFigures,
  type MemoryFigures,
  type Watch,
  watchGrowth,
} from './watch.ts';

export interface SoakRunOptions {
  readonly minutes: number;
  readonly rate: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What a soak came to; printed by `--json`. */
export interface SoakReport {
  readonly minutes: number;
  /** Events a second. */
  readonly rate: number;
  readonly memory: Readonly<Record<string, MemoryFigures>>;
  readonly backlog: BacklogFigures;
  /** Requests shed with 503 at the steady rate, and while three times as many came. */
  readonly shed: { readonly steady: number; readonly burst: number };
  /** From the end of the burst to an empty pipeline. */
  readonly recovery_seconds: number;
  readonly end_to_end_ms: { readonly p50: number | null; readonly p99: number | null };
  readonly accepted: number;
  readonly ended: number;
  readonly broken: readonly string[];
}

const BURST = 3;
const BURST_SECONDS = 60;
/** Events of a request, as the crowd sends them; and how many times the steady clump ingest has room for. */
const REQUEST_EVENTS = 5;
const ROOM = 1.5;

/**
 * What Node.js allows itself in a container of 512 MB: half of it for what has lived for a while, and 1 MB at a time for what is new
 * (https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib). On a machine with more it takes up to 32 MB for what is new, in
 * steps, by far more memory than the functions hold on to.
 */
const AS_DEPLOYED = '--max-old-space-size=256 --max-semi-space-size=1';
const LIVE_HEAP = pathToFileURL(resolve(import.meta.dirname, 'log-live-heap.ts')).href;

/** Runs the pipeline at a steady rate, then at three times that for a minute. */
export async function runSoak({ minutes, rate, say, signal }: SoakRunOptions): Promise<SoakReport> {
  const stats = makeStats();
  // Ingest could take far more than two processors can enrich; it is given the room of a service sized for the steady rate.
  const room = Math.ceil((ROOM * rate) / REQUEST_EVENTS);
  let watch: Watch | undefined;
  const stack = await startStack({
    project: 'demo-soak',
    env: { MAX_IN_FLIGHT_REQUESTS: String(room), NODE_OPTIONS: `${AS_DEPLOYED} --import ${LIVE_HEAP}` },
    onLine: (line) => {
      const live = liveHeapOf(line);
      if (live === undefined) stats.observe(line);
      else watch?.seeLive(line.function, live);
    },
    onDeath: (name, how) => say(`${name} died (${how})`),
  });
  const stores = openStores(stack);
  try {
    await trainOnPast(stores, stack.project, 1);
    const before = settled(await readConservation(stores));
    const shed = { steady: 0, burst: 0 };
    let phase: keyof typeof shed = 'steady';
    const ingest = makeIngestClient({
      url: stack.ingestUrl,
      writeKey: stack.writeKey,
      onRetry: (status) => {
        if (status === 503) shed[phase] += 1;
      },
    });
    const crowd = makeCrowd(ingest, signal);
    const runMs = minutes * 60_000;
    say(`${rate} events a second for ${minutes} minutes`);
    watch = watchGrowth(stack, { runMs, warmUpMs: Math.min(runMs / 3, 5 * 60_000) });
    await crowd.click(rate, minutes * 60);
    const { memory, backlog } = watch.end();
    const latency = {
      p50: stats.endToEnd.percentile(50) ?? null,
      p99: stats.endToEnd.percentile(99) ?? null,
    };

    say(`now ${BURST * rate} events a second for ${BURST_SECONDS} s`);
    phase = 'burst';
    await crowd.click(BURST * rate, BURST_SECONDS);
    const calmed = Date.now();
    const accepted = await crowd.settled();
    say(`${accepted} events accepted; waiting until the pipeline is empty`);
    await untilEmpty(stack, stores, before + accepted);
    const report = {
      minutes,
      rate,
      memory,
      backlog,
      shed,
      recovery_seconds: Math.round((Date.now() - calmed) / 100) / 10,
      end_to_end_ms: latency,
      accepted,
      ended: settled(await readConservation(stores)) - before,
    };
    signal.throwIfAborted();
    return { ...report, broken: brokenPromises(report) };
  } finally {
    await stores.close();
    await stack.close();
  }
}

function brokenPromises(report: Omit<SoakReport, 'broken'>): readonly string[] {
  const { memory, backlog, shed, accepted, ended } = report;
  const growing = Object.entries(memory).flatMap(([name, { resident, live }]) => [
    ...(resident.grows ? [`the memory of ${name} grows by ${told(resident)}`] : []),
    ...(live?.grows ? [`${name} holds on to more and more: ${told(live)}`] : []),
  ]);
  const full = Object.entries(memory).flatMap(([name, { resident, limit }]) =>
    resident.most > limit ? [`${name} held ${resident.most} MB, and is deployed with ${limit}`] : [],
  );
  return [
    ...growing,
    ...full,
    ...(backlog.grows ? [`the backlog grows: ${backlog.last} messages at the end`] : []),
    ...(shed.burst === 0 ? ['nothing was shed at three times the rate'] : []),
    ...(ended === accepted ? [] : [`${accepted} events were accepted, and ${ended} have reached an end`]),
  ];
}

function told({ slope, slope_low, slope_high }: GrowthFigures): string {
  return `${slope} MB an hour (${slope_low} to ${slope_high})`;
}
