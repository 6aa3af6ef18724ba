import { expect, it } from 'vitest';
import { aisleSessions, NO_LIMITS } from '../test/model/sessions.ts';
import { readCorpus } from './corpus.ts';
import { buildKnowledge } from './knowledge.ts';
import { makeKnowledgeCache } from './knowledge-cache.ts';
import { DEFAULT_PARAMETERS, type Parameters } from './parameters.ts';

const corpus = await readCorpus(aisleSessions(60), NO_LIMITS);
const turned: Parameters = { ...DEFAULT_PARAMETERS, vectors: { ...DEFAULT_PARAMETERS.vectors, seed: 99 } };
const narrow: Parameters = { ...DEFAULT_PARAMETERS, matrix: { ...DEFAULT_PARAMETERS.matrix, width: 2 } };

it('builds anew only what the sessions, the postings, the matrix or the directions change', () => {
  const knowledgeOf = makeKnowledgeCache(corpus);
  const whole = knowledgeOf(60, DEFAULT_PARAMETERS);
  expect(whole).toEqual(buildKnowledge(corpus, 60, DEFAULT_PARAMETERS));
  expect(knowledgeOf(60, { ...DEFAULT_PARAMETERS, walk: { ...DEFAULT_PARAMETERS.walk, beam: 3 } })).toBe(
    whole,
  );
  expect(knowledgeOf(60, narrow)).toEqual(buildKnowledge(corpus, 60, narrow));
  expect(knowledgeOf(60, narrow).vectors).toBe(whole.vectors);
  expect(knowledgeOf(60, { ...DEFAULT_PARAMETERS, postingLimit: 2 })).not.toEqual(whole);
  expect(knowledgeOf(30, DEFAULT_PARAMETERS)).toEqual(buildKnowledge(corpus, 30, DEFAULT_PARAMETERS));
  expect(knowledgeOf(60, DEFAULT_PARAMETERS)).toBe(whole);
  expect(knowledgeOf(60, turned)).toEqual(buildKnowledge(corpus, 60, turned));
  expect(knowledgeOf(60, turned).vectors).not.toEqual(whole.vectors);
});

it('lets go of what was not asked for longest', () => {
  const knowledgeOf = makeKnowledgeCache(corpus);
  const first = knowledgeOf(10, DEFAULT_PARAMETERS);
  const second = knowledgeOf(20, DEFAULT_PARAMETERS);
  for (const count of [30, 40]) knowledgeOf(count, DEFAULT_PARAMETERS);
  expect(knowledgeOf(10, DEFAULT_PARAMETERS)).toBe(first);
  knowledgeOf(50, DEFAULT_PARAMETERS);
  expect(knowledgeOf(10, DEFAULT_PARAMETERS)).toBe(first);
  expect(knowledgeOf(20, DEFAULT_PARAMETERS)).not.toBe(second);
});
