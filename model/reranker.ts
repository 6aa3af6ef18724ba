import { CONTEXT_COUNT, FEATURE_COUNT, type FeatureTable, ROW_COUNT, SEEN_COUNT } from './features.ts';

/**
 * The learned order: score = w · z + v · leaky(W z + b), where z are the standardised features and leaky has slope 0.1
 * below zero. With no hidden units it is linear. A candidate that the session has not seen has no features of that
 * kind, so their mean is taken as zero: what is zero adds nothing, and is not computed.
 */
export interface Reranker {
  /** Hidden units: 0, or a multiple of four. */
  readonly hidden: number;
  /** Standardisation: z = (x - mean) / deviation. */
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  /** w, then for each hidden unit its bias, its output weight, and its row of W. */
  readonly weights: Float32Array;
}

export const LEAK = 0.1;
/** From one hidden unit's weights to the next one's. */
export const UNIT_STRIDE = FEATURE_COUNT + 2;
/** Where among the features those of seen candidates begin, and those of the session. */
export const SEEN_AT = ROW_COUNT;
export const CONTEXT_AT = ROW_COUNT + SEEN_COUNT;

/** Length of `weights`. */
export function weightCount(hidden: number): number {
  return FEATURE_COUNT + hidden * UNIT_STRIDE;
}

/**
 * Scores a table of features; leaves each hidden unit's sum before activation in `sums`, candidate by candidate. Four
 * units at a time: their sums are independent, so the processor overlaps them. What the session adds to a unit is
 * computed once for all candidates; it cannot change the order by the linear part, which leaves it out.
 */
export function forward(
  weights: Float64Array,
  hidden: number,
  { size, seenSize, rows, seen, context }: FeatureTable,
  sums: Float64Array,
  scores: Float64Array,
): void {
  for (let c = 0; c < size; c++) {
    let score = 0;
    for (let f = 0; f < ROW_COUNT; f++) score += (weights[f] ?? 0) * (rows[c * ROW_COUNT + f] ?? 0);
    scores[c] = score;
  }
  for (let c = 0; c < seenSize; c++) {
    let score = scores[c] ?? 0;
    for (let f = 0; f < SEEN_COUNT; f++)
      score += (weights[SEEN_AT + f] ?? 0) * (seen[c * SEEN_COUNT + f] ?? 0);
    scores[c] = score;
  }
  for (let unit = 0; unit < hidden; unit += 4) {
    const a = FEATURE_COUNT + unit * UNIT_STRIDE;
    const b = a + UNIT_STRIDE;
    const d = b + UNIT_STRIDE;
    const e = d + UNIT_STRIDE;
    let baseA = weights[a] ?? 0;
    let baseB = weights[b] ?? 0;
    let baseD = weights[d] ?? 0;
    let baseE = weights[e] ?? 0;
    for (let f = 0; f < CONTEXT_COUNT; f++) {
      const z = context[f] ?? 0;
      baseA += (weights[a + 2 + CONTEXT_AT + f] ?? 0) * z;
      baseB += (weights[b + 2 + CONTEXT_AT + f] ?? 0) * z;
      baseD += (weights[d + 2 + CONTEXT_AT + f] ?? 0) * z;
      baseE += (weights[e + 2 + CONTEXT_AT + f] ?? 0) * z;
    }
    for (let c = 0; c < size; c++) {
      let sumA = baseA;
      let sumB = baseB;
      let sumD = baseD;
      let sumE = baseE;
      const row = c * ROW_COUNT;
      for (let f = 0; f < ROW_COUNT; f++) {
        const z = rows[row + f] ?? 0;
        sumA += (weights[a + 2 + f] ?? 0) * z;
        sumB += (weights[b + 2 + f] ?? 0) * z;
        sumD += (weights[d + 2 + f] ?? 0) * z;
        sumE += (weights[e + 2 + f] ?? 0) * z;
      }
      if (c < seenSize) {
        const own = c * SEEN_COUNT;
        for (let f = 0; f < SEEN_COUNT; f++) {
          const z = seen[own + f] ?? 0;
          sumA += (weights[a + 2 + SEEN_AT + f] ?? 0) * z;
          sumB += (weights[b + 2 + SEEN_AT + f] ?? 0) * z;
          sumD += (weights[d + 2 + SEEN_AT + f] ?? 0) * z;
          sumE += (weights[e + 2 + SEEN_AT + f] ?? 0) * z;
        }
      }
      const at = c * hidden + unit;
      sums[at] = sumA;
      sums[at + 1] = sumB;
      sums[at + 2] = sumD;
      sums[at + 3] = sumE;
      scores[c] =
        (scores[c] ?? 0) +
        (weights[a + 1] ?? 0) * (sumA < 0 ? LEAK * sumA : sumA) +
        (weights[b + 1] ?? 0) * (sumB < 0 ? LEAK * sumB : sumB) +
        (weights[d + 1] ?? 0) * (sumD < 0 ? LEAK * sumD : sumD) +
        (weights[e + 1] ?? 0) * (sumE < 0 ? LEAK * sumE : sumE);
    }
  }
}

/**
 * Scores tables of raw features of up to `capacity` candidates. The standardisation is folded into the weights; the
 * constant that this leaves out is the same for every candidate.
 */
export function makeRerankerScorer(
  { hidden, mean, deviation, weights }: Reranker,
  capacity: number,
): (features: FeatureTable, scores: Float64Array) => void {
  const folded = Float64Array.from(weights);
  const sums = new Float64Array(capacity * hidden);
  for (let f = 0; f < FEATURE_COUNT; f++) folded[f] = (weights[f] ?? 0) / (deviation[f] ?? 1);
  for (let unit = 0; unit < hidden; unit++) {
    const at = FEATURE_COUNT + unit * UNIT_STRIDE;
    for (let f = 0; f < FEATURE_COUNT; f++) {
      const weight = (weights[at + 2 + f] ?? 0) / (deviation[f] ?? 1);
      folded[at + 2 + f] = weight;
      folded[at] = (folded[at] ?? 0) - weight * (mean[f] ?? 0);
    }
  }
  return (features, scores) => forward(folded, hidden, features, sums, scores);
}
