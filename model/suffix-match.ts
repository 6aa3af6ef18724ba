import { ageDecays } from './age-decay.ts';
import type { Parameters } from './parameters.ts';
import type { SessionIndex } from './session-index.ts';
import type { Scorer } from './vstan.ts';

/** What is added to the total that the scores are divided by: few matches do not look certain. */
const DOUBT = 0.5;

/**
 * Variable-order Markov: what came directly after the newest item in recent sessions, weighted by how many clicks
 * before it match the shopper's own, going backwards.
 */
export function makeSuffixMatch(index: SessionIndex, parameters: Parameters['suffix']): Scorer {
  const { starts, clicks, postingStarts, postings, sessionCount } = index;
  const weights = Float32Array.from(parameters.weights);
  const longest = weights.length;
  const { floor } = parameters;
  const decays = ageDecays(sessionCount, parameters.recency);
  return (prefix, length, scores) => {
    if (length === 0) return;
    const current = prefix[length - 1] ?? 0;
    const begin = postingStarts[current] ?? 0;
    const end = Math.min(postingStarts[current + 1] ?? 0, begin + parameters.sessions);
    let total = 0;
    for (let p = begin; p < end; p++) {
      const session = postings[p] ?? 0;
      const from = starts[session] ?? 0;
      const last = (starts[session + 1] ?? 0) - 1;
      for (let at = from; at < last; at++) {
        if (clicks[at] !== current) continue;
        let match = 1;
        while (
          match < longest &&
          match < length &&
          at - match >= from &&
          clicks[at - match] === prefix[length - 1 - match]
        )
          match++;
        const recency = floor + (1 - floor) * (decays[session] ?? 0);
        const amount = recency * (weights[match - 1] ?? 0);
        scores.add(clicks[at + 1] ?? 0, amount);
        total += amount;
      }
    }
    if (total > 0) scores.scale(1 / (total + DOUBT));
  };
}
