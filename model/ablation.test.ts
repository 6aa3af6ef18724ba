import { describe, expect, it } from 'vitest';
import { aisleSessions, NO_LIMITS } from '../test/model/sessions.ts';
import { ablate, featuresOf, PARTS } from './ablation.ts';
import { readCorpus } from './corpus.ts';
import { FEATURE_COUNT } from './features.ts';
import { DEFAULT_PARAMETERS } from './parameters.ts';

describe('featuresOf', () => {
  it('gives each feature to one part', () => {
    const all = PARTS.flatMap(featuresOf);
    expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: FEATURE_COUNT }, (_, at) => at));
  });

  it.each([
    ['vstan', 2],
    ['suffix', 2],
    ['walk', 6],
    ['category', 4],
    ['affinity', 4],
    ['items', 6],
    ['signals', 4],
    ['seen', 15],
    ['session', 6],
  ] as const)('%s has %i', (part, count) => {
    expect(featuresOf(part)).toHaveLength(count);
  });
});

describe('ablate', () => {
  const parameters = { ...DEFAULT_PARAMETERS, fit: { ...DEFAULT_PARAMETERS.fit, epochs: 1 } };

  it('judges every method on the same cases', async () => {
    const corpus = await readCorpus(aisleSessions(600), NO_LIMITS);
    const heard: string[] = [];
    const rows = ablate(corpus, parameters, ({ name }) => heard.push(name));
    expect(rows.map(({ name }) => name)).toEqual(heard);
    expect(heard).toEqual([
      'popularity',
      'V-STAN',
      'linear: vstan, seen',
      'linear: vstan, seen, suffix',
      'linear: vstan, seen, suffix, walk',
      'linear: vstan, seen, suffix, walk, items',
      'linear: vstan, seen, suffix, walk, items, affinity',
      'hidden layer of 16: everything',
      ...PARTS.filter((part) => part !== 'signals' && part !== 'category').map(
        (part) => `everything but ${part}`,
      ),
    ]);
    expect(new Set(rows.map(({ metrics }) => metrics.cases)).size).toBe(1);
    const [popularity, vstan] = rows;
    expect(vstan?.metrics.hr20).toBeGreaterThan((popularity?.metrics.hr20 ?? 1) + 0.2);
  });

  it('leaves out carts, purchases and categories too where sessions tell them', async () => {
    const named = aisleSessions(400).map(({ items }) => ({
      items,
      events: items.map((_, at) => (at === 1 ? 'add_to_cart' : 'view_item')),
      categories: items.map((item) => item.split('-')[0] ?? ''),
    }));
    const rows = ablate(await readCorpus(named, NO_LIMITS), parameters, () => undefined);
    const names = rows.map(({ name }) => name);
    expect(names).toContain('everything but signals');
    expect(names).toContain('everything but category');
  });
});
