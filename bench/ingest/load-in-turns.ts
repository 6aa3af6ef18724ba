import autocannon from 'autocannon';
import type { MeasuredProcess } from '../tools/measured-process.ts';
import type { Pair } from '../tools/row.ts';
import type { IngestRequest } from './requests.ts';

const CONNECTIONS = 64;
/** Turns that a round is divided into. */
const SLICES = 4;

/** What a process did, and how long its processor took for it. */
interface Work {
  readonly requests: number;
  readonly cpu: number;
}

/**
 * Requests that two processes answer in a second of their processor time, asked as fast as they answer. They take turns within the
 * round, in the order theirs, ours, ours, theirs, so that what else the machine does meets both alike.
 * @param seconds of the round, for each
 * @throws Error where a request fails, or none is answered
 */
export async function loadInTurns(
  ours: MeasuredProcess,
  theirs: MeasuredProcess,
  request: IngestRequest,
  seconds: number,
): Promise<Pair> {
  const turns = { ours: [] as Work[], theirs: [] as Work[] };
  for (let slice = 0; slice < SLICES; slice += 1) {
    const order = slice % 2 === 0 ? (['theirs', 'ours'] as const) : (['ours', 'theirs'] as const);
    for (const each of order) {
      turns[each].push(await load({ ours, theirs }[each], request, { duration: seconds / SLICES }));
    }
  }
  return { ours: rateOf(turns.ours), theirs: rateOf(turns.theirs) };
}

/** Has a process answer so many requests, so that its code is compiled: V8 counts calls, not seconds. */
export async function warmUp(
  process: MeasuredProcess,
  request: IngestRequest,
  amount: number,
): Promise<void> {
  await load(process, request, { amount });
}

async function load(
  { url, cpuSeconds }: MeasuredProcess,
  request: IngestRequest,
  extent: { readonly duration: number } | { readonly amount: number },
): Promise<Work> {
  const before = await cpuSeconds();
  const result = await autocannon({ url, connections: CONNECTIONS, ...extent, requests: [request] });
  const cpu = (await cpuSeconds()) - before;
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} requests to ${url} failed`);
  if (result['2xx'] === 0) throw new Error(`${url} answered nothing`);
  return { requests: result['2xx'], cpu };
}

function rateOf(turns: readonly Work[]): number {
  const sum = (field: keyof Work): number => turns.reduce((total, turn) => total + turn[field], 0);
  return sum('requests') / sum('cpu');
}
