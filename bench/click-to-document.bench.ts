import { clickOf, measureHops, sumOf } from './hops/hops.ts';
import { documentOf, epochNow, watchScreen } from './hops/screen.ts';
import { benchmark } from './tools/benchmark.ts';
import { startBenchStack } from './tools/stack.ts';

const WARM_UP = 10;
const HOPS = 20;
const VISITOR = 'one-visitor';

await benchmark({
  script: import.meta.url,
  about: `
Milliseconds from a click to the visitor's document in Firestore, by a listener, on the whole local stack, one click after the
other; against the sum of what lies between, each measured alone, at its least of ${HOPS} times. The first ${WARM_UP} clicks are not counted.`,
  options: { clicks: [40, 'of each round'] },
  async measure({ values, repeat, tell, note }) {
    const bench = await startBenchStack();
    const screen = watchScreen(documentOf(bench.stores.firestore, VISITOR));
    let clicks = 0;
    const click = async (): Promise<number> => {
      await bench.drained();
      clicks += 1;
      const event = clickOf(VISITOR, clicks);
      const began = epochNow();
      await bench.ingest.send([event]);
      return (await screen.answerTo(event.event_id)) - began;
    };
    try {
      for (let at = 0; at < WARM_UP; at += 1) await click();
      const rounds = await repeat(async () => {
        const taken: number[] = [];
        for (let at = 0; at < values.clicks; at += 1) taken.push(await click());
        return taken.toSorted((a, b) => a - b);
      });
      const hops = await measureHops(bench, HOPS);
      for (const [name, ms] of Object.entries(hops)) note(`  ${name}: ${ms.toFixed(1)} ms`);
      for (const [name, share] of [['p50', 0.5] as const, ['p95', 0.95] as const]) {
        tell({
          name: `click to document, ${name}`,
          unit: 'ms',
          against: "the sum of the hops' own least, ms",
          rounds: rounds.map((taken) => ({
            ours: taken[Math.floor(share * (taken.length - 1))] ?? Number.NaN,
            theirs: sumOf(hops),
          })),
          ...(name === 'p50' ? { aim: 2 } : {}),
          better: 'less',
        });
      }
    } finally {
      screen.close();
      await bench.close();
    }
  },
});
