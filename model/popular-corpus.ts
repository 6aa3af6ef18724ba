import type { Corpus } from './corpus.ts';

/**
 * The clicks on the `limit` most clicked items; sessions of which fewer than two are left go. As many sessions an item as a shop of
 * few items has, which a corpus that is merely repeated has not.
 */
export function popularCorpus(corpus: Corpus, limit: number): Corpus {
  const counts = new Uint32Array(corpus.itemIds.length);
  for (const item of corpus.clicks) counts[item] = (counts[item] ?? 0) + 1;
  const ranked = Uint32Array.from(counts.keys()).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  const kept = new Set(ranked.subarray(0, limit));
  const starts = [0];
  const clicks: number[] = [];
  const kinds: number[] = [];
  for (let session = 0; session + 1 < corpus.starts.length; session++) {
    const begin = clicks.length;
    for (let at = corpus.starts[session] ?? 0; at < (corpus.starts[session + 1] ?? 0); at++) {
      const item = corpus.clicks[at] ?? 0;
      if (!kept.has(item)) continue;
      clicks.push(item);
      kinds.push(corpus.kinds[at] ?? 0);
    }
    if (clicks.length - begin < 2) {
      clicks.length = begin;
      kinds.length = begin;
    } else starts.push(clicks.length);
  }
  return {
    ...corpus,
    starts: Uint32Array.from(starts),
    clicks: Uint32Array.from(clicks),
    kinds: corpus.kinds.length > 0 ? Uint8Array.from(kinds) : corpus.kinds,
  };
}
