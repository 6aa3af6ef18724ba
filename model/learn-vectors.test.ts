import { expect, it } from 'vitest';
import { corpusOf } from '../test/model/sessions.ts';
import type { Corpus } from './corpus.ts';
import type { ItemVectors } from './item-vectors.ts';
import { makeVectorLearner } from './learn-vectors.ts';
import { DEFAULT_PARAMETERS } from './parameters.ts';

const PARAMETERS = { ...DEFAULT_PARAMETERS.vectors, width: 8, negatives: 4 };

/** From even items to the odd ones after them, so that 0 leads to 1 and 2 to 3. */
const PAIRS = Array.from({ length: 200 }, (_, session) => [2 * (session % 4), 2 * (session % 4) + 1]);

/** How far `to` lies in the direction of `from`. */
function affinity({ width, items, ...vectors }: ItemVectors, from: number, to: number): number {
  const [a, b] = [items.indexOf(from) * width, items.indexOf(to) * width];
  let sum = 0;
  for (let d = 0; d < width; d++) sum += (vectors.from[a + d] ?? 0) * (vectors.to[b + d] ?? 0);
  return sum * (vectors.units[0] ?? 0) * (vectors.units[1] ?? 0);
}

const sessionsOf = (corpus: Corpus): number => corpus.starts.length - 1;

it('learns where a click leads', async () => {
  const corpus = await corpusOf(PAIRS);
  const vectors = makeVectorLearner(corpus, PARAMETERS)(sessionsOf(corpus));
  for (const from of [0, 2, 4, 6])
    for (const other of [1, 3, 5, 7])
      if (other !== from + 1)
        expect(affinity(vectors, from, from + 1)).toBeGreaterThan(affinity(vectors, from, other) + 0.5);
});

it('learns the same from the same, and something else by another seed', async () => {
  const corpus = await corpusOf(PAIRS);
  const learn = (seed: number): ItemVectors =>
    makeVectorLearner(corpus, { ...PARAMETERS, seed })(sessionsOf(corpus));
  expect(learn(1)).toEqual(learn(1));
  expect(learn(2).to).not.toEqual(learn(1).to);
});

it('goes on from where it was; asked for fewer sessions, it begins anew', async () => {
  const corpus = await corpusOf(PAIRS);
  const learner = makeVectorLearner(corpus, PARAMETERS);
  const half = learner(100);
  const gone = learner(200);
  expect(gone.to).not.toEqual(half.to);
  expect(gone.to).not.toEqual(makeVectorLearner(corpus, PARAMETERS)(200).to);
  expect(learner(200)).toEqual(gone);
  expect(learner(100)).toEqual(half);
});

it('gives no directions to items with few clicks', async () => {
  const corpus = await corpusOf([...PAIRS, [8, 9], [8, 9], [9, 8]]); // and one click each in the first session
  const vectors = makeVectorLearner(corpus, { ...PARAMETERS, leastClicks: 5 })(sessionsOf(corpus));
  expect([...vectors.items]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(vectors.to).toHaveLength(8 * PARAMETERS.width);
});

it('reads no more than the newest clicks, and learns nothing of an item that follows itself', async () => {
  const corpus = await corpusOf([...PAIRS, [8, 8, 8]]);
  const learn = (most: number): ItemVectors =>
    makeVectorLearner(corpus, { ...PARAMETERS, most, leastClicks: 1 })(sessionsOf(corpus));
  expect(learn(3)).toEqual(learn(2)); // the newest session, or none
  expect(learn(5)).not.toEqual(learn(3));
});
