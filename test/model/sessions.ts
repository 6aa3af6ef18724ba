import type { Corpus } from '../../model/corpus.ts';
import { readCorpus } from '../../model/corpus.ts';
import { buildKnowledge, type Knowledge } from '../../model/knowledge.ts';
import { DEFAULT_PARAMETERS } from '../../model/parameters.ts';
import { makeRandom } from '../../model/random.ts';
import type { TrainingSession } from '../../model/session.ts';

/** Limits that let every well-formed session through. */
export const NO_LIMITS = { maxClicks: 1e6, maxIdLength: 1000, earliest: 0, latest: 8.64e15 } as const;

/** A corpus of sessions of small numbers, whose ids are `i0`, `i1` …, in that order. */
export async function corpusOf(sessions: readonly (readonly number[])[], items = 10): Promise<Corpus> {
  const declared = { items: Array.from({ length: items }, (_, item) => `i${item}`) };
  const named = sessions.map((session) => ({ items: session.map((item) => `i${item}`) }));
  return readCorpus([declared, ...named], NO_LIMITS);
}

/** What is learned from a corpus, all of it. */
export function knowledgeOf(corpus: Corpus): Knowledge {
  return buildKnowledge(corpus, corpus.starts.length - 1, DEFAULT_PARAMETERS);
}

/** Sessions of shoppers who stay within one of ten aisles of 30 items, and go to neighbouring items of it. */
export function aisleSessions(count: number, seed = 1): TrainingSession[] {
  const random = makeRandom(seed);
  return Array.from({ length: count }, () => {
    const aisle = Math.floor(random() * 10);
    let place = Math.floor(random() * 30);
    const length = 2 + Math.floor(random() * 6);
    return {
      items: Array.from({ length }, () => {
        place = (place + 1 + Math.floor(random() * 3)) % 30;
        return `a${aisle}-${place}`;
      }),
    };
  });
}
