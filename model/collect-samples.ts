import { makeProposer } from './candidates.ts';
import type { Corpus } from './corpus.ts';
import { makeFeatureTable, makeFeatureWriter } from './features.ts';
import type { Knowledge } from './knowledge.ts';
import type { Parameters } from './parameters.ts';
import { SampleSet } from './sample-set.ts';

/** Sessions from … to - 1. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Every step of the span's sessions as a sample, candidates proposed from `knowledge` of the sessions before; an even
 * selection where there are more steps than `samplesPerSlice`. Steps whose next item is no candidate are skipped.
 */
export function collectSamples(
  corpus: Corpus,
  knowledge: Knowledge,
  parameters: Parameters,
  span: Span,
): SampleSet {
  const samples = new SampleSet();
  const proposer = makeProposer(knowledge, parameters);
  const writeFeatures = makeFeatureWriter(knowledge, parameters);
  const features = makeFeatureTable(proposer.capacity);
  const { count } = knowledge.stats;
  const stride = Math.max(1, countSteps(corpus, span) / parameters.fit.samplesPerSlice);
  let due = 0;
  let steps = 0;
  for (const { prefix, kinds, length, next } of stepsOf(corpus, span, count, parameters.maxPrefix)) {
    if (steps++ < due) continue;
    due += stride;
    const candidates = proposer.propose(prefix, length);
    const label = candidates.ids.subarray(0, candidates.size).indexOf(next);
    if (label < 0) continue;
    writeFeatures(prefix, kinds, length, candidates, features);
    samples.add(features, label);
  }
  return samples;
}

/** The items of a session so far, and the next. */
export interface Step {
  /** Oldest first; valid until the next step. */
  readonly prefix: Uint32Array;
  /** The clicks' kinds (session.ts). */
  readonly kinds: Uint8Array;
  readonly length: number;
  readonly next: number;
}

/**
 * The steps of a span of sessions, restricted to items with a `count`; the newest `maxPrefix` clicks of each. A step
 * whose next item is unknown, or that has no known item before it, is left out.
 */
export function* stepsOf(
  corpus: Corpus,
  { from, to }: Span,
  count: Float32Array,
  maxPrefix: number,
): Generator<Step> {
  const window = new Uint32Array(maxPrefix);
  const kinds = new Uint8Array(maxPrefix);
  for (let session = from; session < to; session++) {
    let length = 0;
    const end = corpus.starts[session + 1] ?? 0;
    for (let at = corpus.starts[session] ?? 0; at < end; at++) {
      const item = corpus.clicks[at] ?? 0;
      if ((count[item] ?? 0) === 0) continue;
      if (length > 0) yield { prefix: window, kinds, length, next: item };
      if (length === maxPrefix) {
        window.copyWithin(0, 1);
        kinds.copyWithin(0, 1);
      } else length++;
      window[length - 1] = item;
      kinds[length - 1] = corpus.kinds[at] ?? 0;
    }
  }
}

function countSteps(corpus: Corpus, { from, to }: Span): number {
  return (corpus.starts[to] ?? 0) - (corpus.starts[from] ?? 0) - (to - from);
}
