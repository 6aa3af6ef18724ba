import { availableParallelism } from 'node:os';
import {
  type Drained,
  drainClicks,
  drainMessages,
  functionsMs,
  rateOf,
  slowestEmulator,
  wholeMs,
} from './chain/drain.ts';
import { growCrowds } from './chain/growth.ts';
import { benchmark } from './tools/benchmark.ts';
import { descendants } from './tools/processor-time.ts';
import { startBenchStack } from './tools/stack.ts';

/** Events of a message, against one in each. */
const BATCHES = [10, 100] as const;

await benchmark({
  script: import.meta.url,
  about: `
The whole chain on this machine, every function and emulator a process of its own: events a second from the first request until
nothing waits any more, against what the busiest emulator could take with a processor for itself; messages of many events
against one event in each; and processor time for an event, and memory, as ten and a hundred times as many shoppers come.`,
  options: {
    events: [2000, 'of each round; half of them in batches, and a fifteenth one to a message, which is slow'],
    seconds: [8, 'of each crowd'],
    rate: [4, 'clicks a second of the smallest crowd'],
  },
  async measure({ values: { events, seconds, rate }, repeat, inTurns, tell, skip, note }) {
    const bench = await startBenchStack();
    if (descendants().length === 0) skip('processor times of the chain: there is no /proc');
    try {
      let seed = 0;
      const next = (): number => {
        seed += 1;
        return seed;
      };
      const drains = await repeat(() => drainClicks(bench, { events, seed: next() }), 1);
      const slowest = drains.map(slowestEmulator);
      tell({
        name: 'whole chain, drained',
        unit: 'events/s',
        against: `the ${slowest[0]?.name} emulator with a processor for itself, events/s`,
        rounds: drains.map((each) => ({ ours: rateOf(each), theirs: slowestEmulator(each).rate })),
        aim: 0.7,
        better: 'more',
      });
      tell({
        name: 'whole chain, drained',
        unit: 'events/s',
        against: 'every processor busy with nothing else, events/s',
        rounds: drains.map((each) => ({
          ours: rateOf(each),
          theirs: (availableParallelism() * 1000) / wholeMs(each),
        })),
        better: 'more',
      });
      for (const line of shares(drains.at(-1))) note(line);

      for (const batch of BATCHES) {
        const turns = await inTurns(
          () => drainMessages(bench, { events: Math.ceil(events / 2), batch, seed: next() }),
          () => drainMessages(bench, { events: Math.ceil(events / 15), batch: 1, seed: next() }),
        );
        const common = {
          name: `chain behind ingest, ${batch} events a message`,
          against: 'one event a message',
        };
        const rates = turns.map(({ ours, theirs }) => ({ ours: rateOf(ours), theirs: rateOf(theirs) }));
        tell({ ...common, unit: 'events/s', rounds: rates, better: 'more' });
        const times = turns.map(({ ours, theirs }) => ({
          ours: functionsMs(ours),
          theirs: functionsMs(theirs),
        }));
        tell({ ...common, unit: 'ms of processor time/event', rounds: times, better: 'less' });
      }
      for (const comparison of await growCrowds(bench, { seconds, rate })) tell(comparison);
    } finally {
      await bench.close();
    }
  },
});

/** Who used how much of the processor for an event. */
function shares(drained: Drained | undefined): readonly string[] {
  if (!drained) return [];
  const all = [...drained.functions, ...drained.emulators].map(
    ([name, used]) => [name, (used / drained.events) * 1000] as const,
  );
  return all
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, 10)
    .map(([name, ms]) => `  ${name.padEnd(12)} ${ms.toFixed(2)} ms of processor time an event`);
}
