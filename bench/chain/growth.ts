import { residentMegabytes } from '../../emulators/processes/memory.ts';
import { makeCrowd } from '../soak/crowd.ts';
import type { Comparison } from '../tools/row.ts';
import type { BenchStack } from '../tools/stack.ts';
import { functionsMs, measure } from './drain.ts';

/** How many times as many shoppers. */
const TIMES = [10, 100] as const;
const AIM_OF_TIME = 1;
/** Memory is flat where a hundred times the events need no more than a fifth more. */
const AIM_OF_MEMORY = 1.2;

/** What a crowd cost. */
interface Cost {
  /** Milliseconds of processor time for an event, of all functions. */
  readonly ms: number;
  /** Megabytes of all functions together, when it had gone. */
  readonly megabytes: number;
}

/** Crowds that click at a rate, ten and a hundred times that; rows against the smallest. */
export async function growCrowds(
  bench: BenchStack,
  { seconds, rate }: { readonly seconds: number; readonly rate: number },
): Promise<readonly Comparison[]> {
  const base = await costOf(bench, rate, seconds);
  const rows: Comparison[] = [];
  for (const times of TIMES) {
    const cost = await costOf(bench, rate * times, seconds);
    const common = { against: `${rate} events/s`, better: 'less' } as const;
    rows.push(
      {
        ...common,
        name: `cost growth, ${times} times the events`,
        unit: 'ms of processor time/event',
        rounds: [{ ours: cost.ms, theirs: base.ms }],
        aim: AIM_OF_TIME,
      },
      {
        ...common,
        name: `memory growth, ${times} times the events`,
        unit: 'MB, all functions',
        rounds: [{ ours: cost.megabytes, theirs: base.megabytes }],
        aim: AIM_OF_MEMORY,
      },
    );
  }
  return rows;
}

async function costOf(bench: BenchStack, rate: number, seconds: number): Promise<Cost> {
  const crowd = makeCrowd(bench.ingest);
  const drained = await measure(bench, rate * seconds, async () => {
    await crowd.click(rate, seconds);
    await crowd.settled();
  });
  const pids = [...bench.stack.functions.values()].flatMap(({ child }) => child.pid() ?? []);
  const resident = await residentMegabytes(pids);
  return {
    ms: functionsMs(drained),
    megabytes: [...resident.values()].reduce((sum, each) => sum + each, 0),
  };
}
