import fc from 'fast-check';
import { expect, it } from 'vitest';
import { corpusOf, knowledgeOf } from '../test/model/sessions.ts';
import { makeItemWalk } from './item-walk.ts';
import { DEFAULT_PARAMETERS } from './parameters.ts';
import { ScoreTable } from './score-table.ts';
import { makeSuffixMatch } from './suffix-match.ts';
import { makeVstan, type Scorer } from './vstan.ts';

const ITEMS = 10;
const session = fc.array(fc.nat(ITEMS - 1), { minLength: 1, maxLength: 8 });
const cases = fc.record({ sessions: fc.array(session, { maxLength: 12 }), prefix: session });

/** Every item's score by a scorer; run twice, to see that the first run left nothing behind. */
function scoresBy(scorer: Scorer, prefix: readonly number[]): number[] {
  const table = new ScoreTable(ITEMS);
  for (let run = 0; run < 2; run++) {
    table.clear();
    scorer(Uint32Array.from(prefix), prefix.length, table);
  }
  return [...table.values];
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [item, value] of expected.entries()) expect(actual[item]).toBeCloseTo(value, 5);
}

/** The corpus helper declares all items in a first session. */
const withDeclaration = (sessions: readonly (readonly number[])[]): readonly (readonly number[])[] => [
  Array.from({ length: ITEMS }, (_, item) => item),
  ...sessions,
];

it('V-STAN agrees with its definition', async () => {
  const { spw, snh, inh, ipw } = DEFAULT_PARAMETERS.vstan;
  await fc.assert(
    fc.asyncProperty(cases, async ({ sessions, prefix }) => {
      const { index } = knowledgeOf(await corpusOf(sessions, ITEMS));
      const all = withDeclaration(sessions);
      const step = (item: number): number => prefix.length - 1 - prefix.lastIndexOf(item);
      const expected = new Array<number>(ITEMS).fill(0);
      all.forEach((neighbour, s) => {
        const shared = [...new Set(prefix)].filter((item) => neighbour.includes(item));
        if (shared.length === 0) return;
        const dot = shared.reduce((sum, item) => sum + Math.exp(-step(item) / spw), 0);
        const similarity = dot / Math.sqrt(new Set(neighbour).size);
        const age = Math.exp((s - all.length) / (snh * all.length));
        const newest = Math.exp(-Math.min(...shared.map(step)) / ipw);
        const last = neighbour.findLastIndex((item) => prefix.includes(item));
        neighbour.forEach((item, at) => {
          const frequency = all.filter((other) => other.includes(item)).length;
          const weight = Math.exp(-Math.abs(at - last) / inh) * (1 + Math.log(all.length / frequency));
          expected[item] = (expected[item] ?? 0) + similarity * age * newest * weight;
        });
      });
      const sum = expected.reduce((a, b) => a + b, 0);
      expectClose(
        scoresBy(makeVstan(index, DEFAULT_PARAMETERS.vstan), prefix),
        expected.map((value) => (sum === 0 ? 0 : value / sum)),
      );
    }),
  );
});

it('the suffix match agrees with its definition', async () => {
  const { weights, floor, recency } = DEFAULT_PARAMETERS.suffix;
  await fc.assert(
    fc.asyncProperty(cases, async ({ sessions, prefix }) => {
      const { index } = knowledgeOf(await corpusOf(sessions, ITEMS));
      const all = withDeclaration(sessions);
      const expected = new Array<number>(ITEMS).fill(0);
      let total = 0;
      all.forEach((other, s) => {
        for (let at = 0; at + 1 < other.length; at++) {
          let match = 0;
          while (
            match < weights.length &&
            match < prefix.length &&
            match <= at &&
            other[at - match] === prefix.at(-1 - match)
          )
            match++;
          if (match === 0) continue;
          const recent = floor + (1 - floor) * Math.exp((s - all.length) / (recency * all.length));
          const amount = recent * (weights[match - 1] ?? 0);
          const next = other[at + 1] ?? 0;
          expected[next] = (expected[next] ?? 0) + amount;
          total += amount;
        }
      });
      expectClose(
        scoresBy(makeSuffixMatch(index, DEFAULT_PARAMETERS.suffix), prefix),
        expected.map((value) => value / (total + 0.5)),
      );
    }),
  );
});

it.each([0, 0.013])(
  'the walk takes three steps over the item matrix, without amounts below %s',
  async (least) => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ sessions, prefix }) => {
        const { matrix } = knowledgeOf(await corpusOf(sessions, ITEMS));
        const dense = Array.from({ length: ITEMS }, (_, item) => {
          const row = new Array<number>(ITEMS).fill(0);
          for (let at = matrix.rowStarts[item] ?? 0; at < (matrix.rowStarts[item + 1] ?? 0); at++)
            row[matrix.columns[at] ?? 0] = ((matrix.weights[at] ?? 0) / 65_535) * (matrix.scales[item] ?? 0);
          return row;
        });
        const times = (vector: readonly number[]): number[] =>
          vector.map((_, to) =>
            vector.reduce((sum, value, from) => {
              const amount = value * (dense[from]?.[to] ?? 0);
              return amount < least ? sum : sum + amount;
            }, 0),
          );
        const { from, decay } = DEFAULT_PARAMETERS.walk;
        const sources = [...new Set([...prefix].reverse())].slice(0, from);
        const all = sources.reduce((sum, _, rank) => sum + Math.exp(-rank / decay), 0);
        const start = Array.from({ length: ITEMS }, (_, item) =>
          sources.includes(item) ? Math.exp(-sources.indexOf(item) / decay) / all : 0,
        );
        const tables = [new ScoreTable(ITEMS), new ScoreTable(ITEMS), new ScoreTable(ITEMS)] as const;
        const parameters = { ...DEFAULT_PARAMETERS.walk, least };
        makeItemWalk(matrix, parameters).walk(Uint32Array.from(prefix), prefix.length, tables);
        const first = dense.map((_, to) =>
          start.reduce((sum, value, item) => sum + value * (dense[item]?.[to] ?? 0), 0),
        );
        expectClose([...tables[0].values], first);
        expectClose([...tables[1].values], times(first));
        expectClose([...tables[2].values], times(times(first)));
      }),
    );
  },
);
