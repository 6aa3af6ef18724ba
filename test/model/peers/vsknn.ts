import type { TrainingSession } from '../../../model/session.ts';

/** How a weight falls with the distance from the newest click. */
export const DECAYS = {
  same: () => 1,
  div: (at: number, length: number) => at / length,
  linear: (at: number, length: number) => (at <= 10 ? 1 - 0.1 * (length - at) : 0),
  log: (at: number, length: number) => 1 / Math.log10(length - at + 1.7),
  quadratic: (at: number, length: number) => (at / length) ** 2,
} as const;

/** How a neighbour's vote falls with the position of the newest click it shares, counted from 1. */
export const MATCHES = {
  same: () => 1,
  div: (position: number) => 1 / position,
  linear: (position: number) => (position <= 100 ? 1 - 0.1 * position : 0),
  log: (position: number) => 1 / Math.log10(position + 1.7),
  quadratic: (position: number) => 1 / position ** 2,
} as const;

export interface VsknnOptions {
  readonly k: number;
  /** Newest sessions that share an item with the session. */
  readonly sample: number;
  readonly weighting: keyof typeof DECAYS;
  readonly matching: keyof typeof MATCHES;
  readonly idf: number;
}

/** V-SKNN: Ludewig & Jannach, Evaluation of Session-based Recommendation Algorithms (2018); a peer to compare with. */
export function makeVsknn(
  sessions: readonly TrainingSession[],
  { k, sample, weighting, matching, idf }: VsknnOptions,
): (prefix: readonly string[]) => [item: string, score: number][] {
  const sets = sessions.map(({ items }) => new Set(items));
  const ends = sessions.map(({ times }) => times?.at(-1) ?? 0);
  const having = new Map<string, Set<number>>();
  const clicks = new Map<string, number>();
  for (const [at, { items }] of sessions.entries())
    for (const item of items) {
      const known = having.get(item);
      if (known) known.add(at);
      else having.set(item, new Set([at]));
      clicks.set(item, (clicks.get(item) ?? 0) + 1);
    }
  return (prefix) => {
    const weights = new Map<string, number>();
    for (const [at, item] of prefix.entries()) weights.set(item, DECAYS[weighting](at + 1, prefix.length));
    const shared = new Set(prefix.flatMap((item) => [...(having.get(item) ?? [])]));
    const neighbours = [...shared]
      .sort((a, b) => (ends[b] ?? 0) - (ends[a] ?? 0))
      .slice(0, sample)
      .map((at): [number, number] => {
        let sum = 0;
        for (const [item, weight] of weights) if (sets[at]?.has(item)) sum += weight;
        return [at, sum / weights.size];
      })
      .filter(([, similarity]) => similarity > 0)
      .sort(([, a], [, b]) => b - a)
      .slice(0, k);
    const scores = new Map<string, number>();
    for (const [at, similarity] of neighbours) {
      const position = [...prefix].reverse().findIndex((item) => sets[at]?.has(item)) + 1;
      for (const item of sets[at] ?? []) {
        const rare = 1 + idf * Math.log(sets.length / (clicks.get(item) ?? 1));
        const vote = similarity * rare * MATCHES[matching](position);
        scores.set(item, (scores.get(item) ?? 0) + vote);
      }
    }
    const ranked = [...scores].sort(([, a], [, b]) => b - a);
    const best = ranked[0]?.[1] ?? 1;
    return ranked.map(([item, score]) => [item, score / best]);
  };
}
