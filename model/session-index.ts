import type { Corpus } from './corpus.ts';

/**
 * What nearest-neighbour scoring reads: the sessions, and for each item the sessions that contain it, newest first,
 * cut to a limit. Sessions are numbered by age: 0 is the oldest.
 */
export interface SessionIndex {
  readonly itemCount: number;
  readonly sessionCount: number;
  readonly starts: Uint32Array;
  readonly clicks: Uint32Array;
  /** One more than there are items. */
  readonly postingStarts: Uint32Array;
  readonly postings: Uint32Array;
  /** Distinct items of each session. */
  readonly distinct: Uint16Array;
  /** ln(sessions / sessions with the item). */
  readonly idf: Float32Array;
}

/** Every session of each item, newest first, not cut: what building reads. */
export interface Postings {
  readonly starts: Uint32Array;
  readonly sessions: Uint32Array;
}

/** Lists each item's sessions among the oldest `sessionCount` of the corpus. */
export function listPostings(corpus: Corpus, sessionCount: number): Postings {
  const itemCount = corpus.itemIds.length;
  const starts = new Uint32Array(itemCount + 1);
  forDistinct(corpus, sessionCount, (item) => {
    starts[item + 1] = (starts[item + 1] ?? 0) + 1;
  });
  for (let item = 0; item < itemCount; item++)
    starts[item + 1] = (starts[item + 1] ?? 0) + (starts[item] ?? 0);
  const sessions = new Uint32Array(starts[itemCount] ?? 0);
  const next = starts.slice(0, itemCount);
  forDistinct(corpus, sessionCount, (item, session) => {
    const at = next[item] ?? 0;
    sessions[at] = session;
    next[item] = at + 1;
  });
  return { starts, sessions };
}

/** Builds the index over the oldest `sessionCount` sessions; an item's list keeps its `limit` newest. */
export function buildIndex(
  corpus: Corpus,
  sessionCount: number,
  postings: Postings,
  limit: number,
): SessionIndex {
  const itemCount = corpus.itemIds.length;
  const postingStarts = new Uint32Array(itemCount + 1);
  const idf = new Float32Array(itemCount);
  const distinct = new Uint16Array(sessionCount);
  for (let item = 0; item < itemCount; item++) {
    const count = (postings.starts[item + 1] ?? 0) - (postings.starts[item] ?? 0);
    postingStarts[item + 1] = (postingStarts[item] ?? 0) + Math.min(count, limit);
    idf[item] = count === 0 ? 0 : Math.log(sessionCount / count);
  }
  const cut = new Uint32Array(postingStarts[itemCount] ?? 0);
  for (let item = 0; item < itemCount; item++) {
    const from = postings.starts[item] ?? 0;
    const to = postingStarts[item] ?? 0;
    cut.set(postings.sessions.subarray(from, from + (postingStarts[item + 1] ?? 0) - to), to);
  }
  forDistinct(corpus, sessionCount, (_item, session) => {
    distinct[session] = (distinct[session] ?? 0) + 1;
  });
  return {
    itemCount,
    sessionCount,
    starts: corpus.starts.subarray(0, sessionCount + 1),
    clicks: corpus.clicks.subarray(0, corpus.starts[sessionCount] ?? 0),
    postingStarts,
    postings: cut,
    distinct,
    idf,
  };
}

/** Calls once for each distinct item of each session, from the newest session to the oldest. */
function forDistinct(
  corpus: Corpus,
  sessionCount: number,
  visit: (item: number, session: number) => void,
): void {
  const seenIn = new Int32Array(corpus.itemIds.length).fill(-1);
  for (let session = sessionCount - 1; session >= 0; session--) {
    const to = corpus.starts[session + 1] ?? 0;
    for (let at = corpus.starts[session] ?? 0; at < to; at++) {
      const item = corpus.clicks[at] ?? 0;
      if (seenIn[item] === session) continue;
      seenIn[item] = session;
      visit(item, session);
    }
  }
}
