import fc from 'fast-check';
import { expect, it } from 'vitest';
import { corpusOf, knowledgeOf } from '../test/model/sessions.ts';
import { DEFAULT_PARAMETERS } from './parameters.ts';

const ITEMS = 8;
const sessionsArbitrary = fc.array(fc.array(fc.nat(ITEMS - 1), { minLength: 1, maxLength: 14 }), {
  maxLength: 10,
});

function normalised(row: readonly number[]): number[] {
  const sum = row.reduce((a, b) => a + b, 0);
  return row.map((value) => (sum === 0 ? 0 : value / sum));
}

it('mixes what comes after, before and together', async () => {
  const { after, before, together, reach, recency } = DEFAULT_PARAMETERS.matrix;
  await fc.assert(
    fc.asyncProperty(sessionsArbitrary, async (sessions) => {
      const { matrix } = knowledgeOf(await corpusOf(sessions, ITEMS));
      const all = [Array.from({ length: ITEMS }, (_, item) => item), ...sessions];
      const frequency = (item: number): number => all.filter((other) => other.includes(item)).length;
      for (let a = 0; a < ITEMS; a++) {
        const forward = new Array<number>(ITEMS).fill(0);
        const backward = new Array<number>(ITEMS).fill(0);
        const beside = new Array<number>(ITEMS).fill(0);
        all.forEach((clicks, s) => {
          clicks.forEach((x, i) => {
            clicks.forEach((y, j) => {
              if (x !== a || y === a || Math.abs(i - j) > reach) return;
              const table = j > i ? forward : backward;
              table[y] = (table[y] ?? 0) + 1 / Math.abs(i - j);
            });
          });
          if (!clicks.includes(a)) return;
          for (const b of new Set(clicks))
            if (b !== a)
              beside[b] =
                (beside[b] ?? 0) +
                (0.5 + 0.5 * Math.exp((s - all.length) / (recency * all.length))) /
                  Math.sqrt((frequency(a) + 5) * (frequency(b) + 5));
        });
        const parts = [normalised(forward), normalised(backward), normalised(beside)] as const;
        const weights = matrix.weights.subarray(matrix.rowStarts[a], matrix.rowStarts[a + 1]);
        expect([...weights]).toEqual([...weights].sort((x, y) => y - x));
        const actual = new Array<number>(ITEMS).fill(0);
        for (let at = matrix.rowStarts[a] ?? 0; at < (matrix.rowStarts[a + 1] ?? 0); at++)
          actual[matrix.columns[at] ?? 0] = ((matrix.weights[at] ?? 0) / 65_535) * (matrix.scales[a] ?? 0);
        for (let b = 0; b < ITEMS; b++)
          expect(actual[b]).toBeCloseTo(
            after * (parts[0][b] ?? 0) + before * (parts[1][b] ?? 0) + together * (parts[2][b] ?? 0),
            4,
          );
      }
    }),
  );
});
