/**
 * For each of so many sessions, numbered by age, exp(-age / (recency · sessions)), where the newest has age 1: from the newest on by one
 * multiplication each, since a model of millions of sessions computes this when it is loaded.
 */
export function ageDecays(sessionCount: number, recency: number): Float32Array {
  const decays = new Float32Array(sessionCount);
  const step = Math.exp(-1 / (recency * sessionCount));
  let decay = 1;
  for (let session = sessionCount - 1; session >= 0; session--) {
    decay *= step;
    decays[session] = decay;
  }
  return decays;
}
