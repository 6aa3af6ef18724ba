import { describe, expect, it } from 'vitest';
import { corpusOf } from '../test/model/sessions.ts';
import { FEATURE_COUNT } from './features.ts';
import { measureGrowth, resized } from './growth.ts';
import { DEFAULT_PARAMETERS } from './parameters.ts';
import { popularCorpus } from './popular-corpus.ts';
import { weightCount } from './reranker.ts';

const SESSIONS = [[1, 2], [3, 4, 5], [6], [7, 8]];

describe('resized', () => {
  it('takes the newest sessions for a share below one', async () => {
    const { starts, clicks } = resized(await corpusOf(SESSIONS), 0.4);
    expect([...starts]).toEqual([0, 1, 3]);
    expect([...clicks]).toEqual([6, 7, 8]);
  });

  it('repeats all of them for a greater one', async () => {
    const corpus = await corpusOf(SESSIONS);
    const { starts, clicks } = resized(corpus, 3);
    expect(starts).toHaveLength(3 * 5 + 1);
    expect([...clicks]).toEqual([...corpus.clicks, ...corpus.clicks, ...corpus.clicks]);
    expect(starts[5 + 3]).toBe(corpus.clicks.length + 15);
  });
});

it('keeps the clicks on the most clicked items, and sessions that are left with two', async () => {
  const corpus = await corpusOf([
    [1, 2, 3],
    [3, 4, 1],
    [3, 1, 3],
    [2, 5],
  ]);
  const { starts, clicks } = popularCorpus(corpus, 3);
  expect([...clicks]).toEqual([1, 2, 3, 1, 2, 3, 3, 1, 3, 1, 3]);
  expect([...starts]).toEqual([0, 3, 6, 8, 11]);
});

it('measures rankings, loading and size', async () => {
  const reranker = {
    hidden: 0,
    mean: new Float32Array(FEATURE_COUNT),
    deviation: new Float32Array(FEATURE_COUNT).fill(1),
    weights: new Float32Array(weightCount(0)).fill(1),
  };
  const sessions = Array.from({ length: 20 }, (_, at) => ({
    items: Uint32Array.of(at % 10, 3),
    kinds: new Uint8Array(2),
  }));
  const point = await measureGrowth(await corpusOf(SESSIONS), 10, DEFAULT_PARAMETERS, reranker, sessions);
  expect(point).toMatchObject({ sessions: 50, clicks: 180 });
  expect(point.latency_ms.p90).toBeGreaterThanOrEqual(point.latency_ms.p50);
  expect(point.latency_ms.p50).toBeGreaterThan(0);
  expect(point.load_seconds).toBeGreaterThan(0);
  expect(point.index_bytes).toBeGreaterThan(4 * point.clicks);
});
