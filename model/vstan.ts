import { ageDecays } from './age-decay.ts';
import type { Parameters } from './parameters.ts';
import { ScoreTable } from './score-table.ts';
import { selectTop } from './select-top.ts';
import type { SessionIndex } from './session-index.ts';

/** Adds scores for what comes next to `scores`; `prefix[0 … length - 1]` are item numbers, oldest first. */
export type Scorer = (prefix: Uint32Array, length: number, scores: ScoreTable) => void;

/** Decays beyond which a click no longer votes: e^-20. */
const FARTHEST = 20;

/**
 * V-STAN: sessions that share items with this one vote for the items near those they share.
 * Garg et al., Sequence and Time Aware Neighborhood for Session-based Recommendations (SIGIR 2019); Ludewig et al.,
 * Empirical Analysis of Session-Based Recommendation Algorithms (2020). Session similarity is the cosine of position
 * weights against the neighbour's set of items; age is counted in sessions. Scores sum to 1.
 */
export function makeVstan(index: SessionIndex, parameters: Parameters['vstan']): Scorer {
  const { starts, clicks, postingStarts, postings, distinct, idf, sessionCount } = index;
  const { k, m, spw, snh, inh, ipw } = parameters;
  const sessions = new ScoreTable(sessionCount);
  const newestFirst = new Float32Array(sessionCount);
  for (let session = 0; session < sessionCount; session++) newestFirst[session] = session;
  const newestShared = new Uint8Array(sessionCount);
  const stepOf = new Int32Array(index.itemCount).fill(-1);
  const ages = ageDecays(sessionCount, snh);
  const near = new Float32Array(Math.ceil(FARTHEST * inh)).map((_, distance) => Math.exp(-distance / inh));
  const boost = idf.map((value) => 1 + parameters.idf * value);

  const findNeighbours = (prefix: Uint32Array, length: number): number => {
    for (let at = length - 1; at >= 0; at--) {
      const item = prefix[at] ?? 0;
      if ((stepOf[item] ?? 0) >= 0) continue;
      const step = length - 1 - at;
      stepOf[item] = step;
      const weight = Math.exp(-step / spw);
      const to = Math.min(postingStarts[item + 1] ?? 0, (postingStarts[item] ?? 0) + m);
      for (let p = postingStarts[item] ?? 0; p < to; p++) {
        const session = postings[p] ?? 0;
        if (sessions.values[session] === 0) newestShared[session] = step;
        sessions.add(session, weight);
      }
    }
    const considered = selectTop(sessions.touched, sessions.size, newestFirst, m);
    for (let i = 0; i < considered; i++) {
      const session = sessions.touched[i] ?? 0;
      const cosine = (sessions.values[session] ?? 0) / Math.sqrt(distinct[session] ?? 1);
      sessions.values[session] =
        cosine * (ages[session] ?? 0) * Math.exp(-(newestShared[session] ?? 0) / ipw);
    }
    return selectTop(sessions.touched, considered, sessions.values, k);
  };

  const vote = (session: number, scores: ScoreTable): void => {
    const from = starts[session] ?? 0;
    const to = starts[session + 1] ?? 0;
    let shared = to - 1;
    while (shared > from && (stepOf[clicks[shared] ?? 0] ?? 0) < 0) shared--;
    const weight = sessions.values[session] ?? 0;
    for (let at = from; at < to; at++) {
      const item = clicks[at] ?? 0;
      const distance = at < shared ? shared - at : at - shared;
      if (distance >= near.length) continue;
      scores.add(item, weight * (near[distance] ?? 0) * (boost[item] ?? 0));
    }
  };

  return (prefix, length, scores) => {
    const neighbours = findNeighbours(prefix, length);
    for (let i = 0; i < neighbours; i++) vote(sessions.touched[i] ?? 0, scores);
    for (let at = 0; at < length; at++) stepOf[prefix[at] ?? 0] = -1;
    sessions.clear();
    const sum = scores.sum();
    if (sum > 0) scores.scale(1 / sum);
  };
}
