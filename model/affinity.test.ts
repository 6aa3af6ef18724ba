import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AFFINITY_FEATURES, makeAffinityWriter } from './affinity.ts';
import type { ItemVectors } from './item-vectors.ts';
import { DEFAULT_PARAMETERS } from './parameters.ts';

const ITEMS = 6;
const WIDTH = 4;
/** Items 0 and 3 have no directions. */
const WITH = [1, 2, 4, 5];
const item = fc.nat(ITEMS - 1);
const steps = fc.array(fc.integer({ min: -127, max: 127 }), {
  minLength: WITH.length * WIDTH,
  maxLength: WITH.length * WIDTH,
});
const cases = fc.record({
  from: steps,
  to: steps,
  prefix: fc.array(item, { minLength: 1, maxLength: 15 }),
  ids: fc.uniqueArray(item, { minLength: 1 }),
});

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, d) => sum + value * (b[d] ?? 0), 0);

it('agrees with its definition', () => {
  const { reach, decay } = DEFAULT_PARAMETERS.vectors;
  fc.assert(
    fc.property(cases, ({ from, to, prefix, ids }) => {
      const vectors: ItemVectors = {
        width: WIDTH,
        items: Uint32Array.from(WITH),
        from: Int8Array.from(from),
        to: Int8Array.from(to),
        units: Float32Array.of(0.25, 0.5),
      };
      const direction = (of: readonly number[], id: number, unit: number): number[] =>
        Array.from({ length: WIDTH }, (_, d) =>
          WITH.includes(id) ? unit * (of[WITH.indexOf(id) * WIDTH + d] ?? 0) : 0,
        );
      const newest = prefix.at(-1) ?? 0;
      const read = prefix.toReversed().slice(0, reach);
      const total = read.reduce((sum, _, distance) => sum + Math.exp(-distance / decay), 0);
      const session = read.reduce<number[]>(
        (sum, id, distance) =>
          direction(from, id, 0.25).map(
            (value, d) => (sum[d] ?? 0) + (value * Math.exp(-distance / decay)) / total,
          ),
        [],
      );
      const expected = ids.map((id) => {
        const target = direction(to, id, 0.5);
        const own = direction(to, newest, 0.5);
        const norm = Math.sqrt(dot(target, target) * dot(own, own));
        return [
          dot(session, target),
          dot(direction(from, newest, 0.25), target),
          norm === 0 ? 0 : dot(own, target) / norm,
        ] as const;
      });
      const best = Math.max(...expected.map(([toSession]) => toSession));

      const stride = AFFINITY_FEATURES.length + 2;
      const rows = new Float64Array(ids.length * stride).fill(7);
      const write = makeAffinityWriter(vectors, ITEMS, DEFAULT_PARAMETERS.vectors);
      const candidates = { ids: Uint32Array.from(ids), size: ids.length, seenSize: 0, tables: [] };
      write(Uint32Array.from(prefix), prefix.length, candidates, rows, stride, 1);

      expected.forEach(([toSession, toNewest, likeness], c) => {
        const [before, ...row] = rows.subarray(c * stride, (c + 1) * stride);
        expect([before, row.at(-1)]).toEqual([7, 7]);
        expect(row[0]).toBeCloseTo(toSession, 3);
        expect(row[1]).toBeCloseTo(toSession - best, 3);
        expect(row[2]).toBeCloseTo(toNewest, 3);
        expect(row[3]).toBeCloseTo(likeness, 3);
      });
    }),
  );
});
