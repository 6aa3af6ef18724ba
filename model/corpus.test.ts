import { describe, expect, it } from 'vitest';
import { NO_LIMITS } from '../test/model/sessions.ts';
import { type CleaningLimits, cleanSession } from './clean-session.ts';
import { readCorpus } from './corpus.ts';
import { KINDS } from './session.ts';

const limits: CleaningLimits = { maxClicks: 5, maxIdLength: 8, earliest: 1000, latest: 9000 };

describe('cleanSession', () => {
  it.each([
    ['no items', { items: [] }, 'no_items'],
    ['more clicks than a person makes', { items: ['a', 'b', 'c', 'd', 'e', 'f'] }, 'too_long'],
    ['a clock in 1970', { items: ['a'], times: [1] }, 'clock'],
    ['a clock in the future', { items: ['a'], times: [10_000] }, 'clock'],
    ['a clock that is none', { items: ['a'], times: [Number.NaN] }, 'clock'],
    ['only ids that are no ids', { items: ['', 'far-too-long', 7 as unknown as string] }, 'no_items'],
  ])('rejects a session with %s', (_name, session, reason) => {
    expect(cleanSession(session, limits)).toBe(reason);
  });

  it('makes one click of a view, cart and purchase in a row', () => {
    const session = {
      items: ['a', 'a', 'a', 'b', 'b'],
      events: ['view_item', 'add_to_cart', 'purchase', 'view_item', 'view_item'],
    };
    expect(cleanSession(session, limits)).toEqual({
      items: ['a', 'b', 'b'],
      kinds: [KINDS.purchase, KINDS.view, KINDS.view],
      endedAt: undefined,
    });
  });

  it('keeps repeats where no events are given', () => {
    expect(cleanSession({ items: ['a', 'a'] }, limits)).toMatchObject({ items: ['a', 'a'] });
  });
});

describe('readCorpus', () => {
  it('orders sessions by their end where all have times', async () => {
    const corpus = await readCorpus(
      [
        { items: ['late', 'later'], times: [3, 4] },
        { items: ['early'], times: [2] },
      ],
      NO_LIMITS,
    );
    const names = Array.from(corpus.clicks, (item) => corpus.itemIds[item]);
    expect(names).toEqual(['early', 'late', 'later']);
    expect([...corpus.starts]).toEqual([0, 1, 3]);
    expect(corpus.newest).toBe(4);
  });

  it('takes the first category that an item is told to have', async () => {
    const corpus = await readCorpus(
      [
        { items: ['a', 'b', 'c'], categories: ['shoes', '', 'hats'] },
        { items: ['a', 'd', 'b'], categories: ['hats', 'shoes', ''] },
      ],
      NO_LIMITS,
    );
    const categoryOf = (id: string) => corpus.categories[corpus.itemIds.indexOf(id)] ?? 0;
    expect(['a', 'b', 'c', 'd'].map(categoryOf)).toEqual([1, 0, 2, 1]);
  });

  it('has no categories where none is told', async () => {
    expect((await readCorpus([{ items: ['a'] }], NO_LIMITS)).categories).toHaveLength(0);
  });

  it('grows beyond its first buffer and counts what it left out', async () => {
    const long = { items: Array.from({ length: 50_000 }, (_, at) => `i${at % 10}`) };
    const corpus = await readCorpus([long, long, { items: [] }, long], NO_LIMITS);
    expect(corpus.clicks).toHaveLength(150_000);
    expect(corpus.itemIds).toHaveLength(10);
    expect(corpus.rejected).toEqual({ too_long: 0, clock: 0, no_items: 1 });
  });
});
