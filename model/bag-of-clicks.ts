import type { Corpus } from './corpus.ts';
import { decaysOf } from './item-vectors.ts';
import type { Parameters } from './parameters.ts';
import { makeRandom, shuffled } from './random.ts';

/** How slowly the first steps of an item shrink, and the rate of an item's own weight beside that of its direction. */
const FIRST_SQUARES = 1e-3;
const OWN_RATE = 0.3;
/** An item whose probability is off by less than this teaches nothing. */
const NEGLIGIBLE = 1e-3;

/** Directions while they are learned; see item-vectors.ts. */
export interface Bag {
  readonly from: Float32Array;
  readonly to: Float32Array;
  /** Learns from each step of the sessions first … last - 1, in random order, the rate falling evenly. */
  read(first: number, last: number, rateBefore: number, rateAfter: number): void;
}

/**
 * Learns directions such that the mean of a session's newest clicks points to what is clicked next; steps from an item to itself
 * are passed over. Softmax cross-entropy against items drawn by popularity, AdaGrad with one rate for each item: word2vec's bag of
 * words (Mikolov et al., Efficient Estimation of Word Representations in Vector Space, 2013), but looking ahead.
 */
export function makeBag({ starts, clicks, itemIds }: Corpus, parameters: Parameters['vectors']): Bag {
  const { width, negatives, learningRate } = parameters;
  const random = makeRandom(parameters.seed);
  const itemCount = itemIds.length;
  const randomly = (spread: number): Float32Array =>
    new Float32Array(itemCount * width).map(() => ((2 * random() - 1) * spread) / Math.sqrt(width));
  const from = randomly(1);
  const to = randomly(0.5);
  const own = new Float32Array(itemCount);
  const squares = (): Float32Array => new Float32Array(itemCount).fill(FIRST_SQUARES);
  const fromSquares = squares();
  const toSquares = squares();
  const ownSquares = squares();
  const decays = decaysOf(parameters);
  const totals = decays.map((_, reach) => decays.subarray(0, reach + 1).reduce((a, b) => a + b, 0));
  const direction = new Float32Array(width);
  const slope = new Float32Array(width);
  const drawn = new Uint32Array(negatives + 1);
  const scores = new Float64Array(negatives + 1);

  /** Probabilities of the `size` items drawn, the next one first. */
  const score = (size: number): void => {
    let best = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < size; k++) {
      const item = drawn[k] ?? 0;
      const start = item * width;
      let sum = own[item] ?? 0;
      for (let d = 0; d < width; d++) sum += (direction[d] ?? 0) * (to[start + d] ?? 0);
      scores[k] = sum;
      if (sum > best) best = sum;
    }
    let total = 0;
    for (let k = 0; k < size; k++) {
      const value = Math.exp((scores[k] ?? 0) - best);
      scores[k] = value;
      total += value;
    }
    for (let k = 0; k < size; k++) scores[k] = (scores[k] ?? 0) / total;
  };

  const learnTargets = (size: number, rate: number): void => {
    slope.fill(0);
    const length = squareOf(direction, width) / width;
    for (let k = 0; k < size; k++) {
      const error = (scores[k] ?? 0) - (k === 0 ? 1 : 0);
      if (error < NEGLIGIBLE && error > -NEGLIGIBLE) continue;
      const item = drawn[k] ?? 0;
      const start = item * width;
      const square = (toSquares[item] ?? 0) + error * error * length;
      toSquares[item] = square;
      const step = (rate * error) / Math.sqrt(square);
      for (let d = 0; d < width; d++) {
        const value = to[start + d] ?? 0;
        slope[d] = (slope[d] ?? 0) + error * value;
        to[start + d] = value - step * (direction[d] ?? 0);
      }
      const ownSquare = (ownSquares[item] ?? 0) + error * error;
      ownSquares[item] = ownSquare;
      own[item] = (own[item] ?? 0) - (OWN_RATE * rate * error) / Math.sqrt(ownSquare);
    }
  };

  const learnSources = (at: number, reach: number, rate: number): void => {
    const length = squareOf(slope, width) / width;
    for (let distance = 0; distance < reach; distance++) {
      const weight = (decays[distance] ?? 0) / (totals[reach - 1] ?? 1);
      const item = clicks[at - distance] ?? 0;
      const square = (fromSquares[item] ?? 0) + weight * weight * length;
      fromSquares[item] = square;
      const step = (rate * weight) / Math.sqrt(square);
      const start = item * width;
      for (let d = 0; d < width; d++) from[start + d] = (from[start + d] ?? 0) - step * (slope[d] ?? 0);
    }
  };

  return {
    from,
    to,
    read(first, last, rateBefore, rateAfter) {
      const order = shuffled(last - first, random);
      const end = starts[last] ?? 0;
      order.forEach((offset, done) => {
        const rate = learningRate * (rateBefore + ((rateAfter - rateBefore) * done) / order.length);
        const begin = starts[first + offset] ?? 0;
        const stop = (starts[first + offset + 1] ?? 0) - 1;
        for (let at = begin; at < stop; at++) {
          const next = clicks[at + 1] ?? 0;
          if (next === clicks[at]) continue;
          const reach = Math.min(at - begin + 1, decays.length);
          direction.fill(0);
          for (let distance = 0; distance < reach; distance++) {
            const start = (clicks[at - distance] ?? 0) * width;
            const weight = (decays[distance] ?? 0) / (totals[reach - 1] ?? 1);
            for (let d = 0; d < width; d++)
              direction[d] = (direction[d] ?? 0) + weight * (from[start + d] ?? 0);
          }
          let size = 1;
          drawn[0] = next;
          for (let k = 0; k < negatives; k++) {
            const other = clicks[Math.floor(random() * end)] ?? 0;
            if (other !== next) drawn[size++] = other;
          }
          score(size);
          learnTargets(size, rate);
          learnSources(at, reach, rate);
        }
      });
    },
  };
}

function squareOf(values: Float32Array, width: number): number {
  let sum = 0;
  for (let d = 0; d < width; d++) sum += (values[d] ?? 0) ** 2;
  return sum;
}
