import type { TrainingSession } from '../../../model/session.ts';

export interface VmisOptions {
  /** Neighbours that vote. */
  readonly k: number;
  /** Newest sessions considered. */
  readonly m: number;
  /** Newest clicks of the session that are read. */
  readonly last: number;
  /** idf weight; 0 for none. */
  readonly idf: number;
}

/**
 * VMIS-kNN, plainly: Kersbergen et al., Serenade (SIGMOD 2022). A peer to compare with, written for reading, not for
 * speed. Training sessions come in order of their end; the longest 0.5 % of them are left out, and the idf counts clicks,
 * as in the authors' program.
 * @returns item ids, best first, without the newest item of the session
 */
export function makeVmisKnn(
  sessions: readonly TrainingSession[],
  { k, m, last, idf }: VmisOptions,
): (prefix: readonly string[]) => string[] {
  const lengths = sessions.map(({ items }) => new Set(items).size).sort((a, b) => a - b);
  const longest = lengths[Math.round(0.995 * (lengths.length - 1))] ?? 0;
  const sets = sessions.map(({ items }) => [...new Set(items)]).filter((set) => set.length <= longest);
  const clicks = sets.reduce((sum, set) => sum + set.length, 0);
  const newest = new Map<string, number[]>();
  for (const [at, set] of [...sets.entries()].reverse())
    for (const item of set) {
      const list = newest.get(item);
      if (list) list.push(at);
      else newest.set(item, [at]);
    }
  const rarity = (item: string): number => {
    const weight = Math.log(clicks / (newest.get(item)?.length ?? 1));
    return idf === 0 ? 1 : idf * weight;
  };

  return (prefix) => {
    const session = prefix.slice(-last);
    const distinct = new Set(session);
    const similarities = new Map<number, number>();
    for (const item of new Set([...session].reverse())) {
      const weight = (session.lastIndexOf(item) + 1) / distinct.size;
      for (const at of (newest.get(item) ?? []).slice(0, m))
        similarities.set(at, (similarities.get(at) ?? 0) + weight);
    }
    const neighbours = [...similarities]
      .sort(([a], [b]) => b - a)
      .slice(0, m)
      .sort(([atA, a], [atB, b]) => b - a || atB - atA)
      .slice(0, k);
    const scores = new Map<string, number>();
    for (const [at, similarity] of neighbours) {
      const set = sets[at] ?? [];
      const position = [...session].reverse().findIndex((item) => set.includes(item)) + 1;
      const match = position < 100 ? 1 - 0.1 * position : 0;
      for (const item of set) scores.set(item, (scores.get(item) ?? 0) + match * similarity * rarity(item));
    }
    scores.delete(session.at(-1) ?? '');
    return [...scores].sort(([, a], [, b]) => b - a).map(([item]) => item);
  };
}
