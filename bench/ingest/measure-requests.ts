import type { Bench } from '../tools/benchmark.ts';
import type { OptionSet } from '../tools/options.ts';
import type { Pair } from '../tools/row.ts';
import { loadInTurns, warmUp } from './load-in-turns.ts';
import type { REQUESTS } from './requests.ts';
import type { Servers } from './servers.ts';

/** What both benchmarks of ingest let one choose. */
export const OPTIONS = {
  rounds: [3, 'that count; the median stands for all'],
  seconds: [1.5, 'of each round, for each of the two, in turns'],
  warm: [1_500, 'requests that each answers before: until then V8 still compiles what they run through'],
} as const satisfies OptionSet;

/** Events that ingest and its peer take of a kind of request in a second of processor time, by rounds. */
export async function measureRequests(
  { repeat, values: { seconds, warm } }: Pick<Bench<typeof OPTIONS>, 'repeat' | 'values'>,
  { ingest, peer }: Servers,
  { events, request }: (typeof REQUESTS)[number],
): Promise<readonly Pair[]> {
  for (const process of [ingest, peer]) await warmUp(process, request, warm);
  const rounds = await repeat(() => loadInTurns(ingest, peer, request, seconds));
  return rounds.map(({ ours, theirs }) => ({ ours: events * ours, theirs: events * theirs }));
}
