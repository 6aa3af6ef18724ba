import fc from 'fast-check';
import { describe, expect, it, test, vi } from 'vitest';
import { TransientError } from '../../shared/errors.ts';
import type { Product } from '../../shared/events.ts';
import { silentLogger } from '../../shared/log.ts';
import { at, device, makeMemoryDevices, makeMemoryScreens, NOW, recommendation } from './fixtures.ts';
import { messageData } from './message-data.ts';
import { makeUpdateScreens, type UpdateScreensOptions } from './update-screens.ts';

const DAY = 86_400_000;
const catalogOf = (...products: readonly Product[]) => ({
  products: async () => new Map(products.map((product) => [product.item_id, product])),
});
const update = (overrides: Partial<UpdateScreensOptions>) =>
  makeUpdateScreens({
    screens: makeMemoryScreens(),
    devices: makeMemoryDevices(),
    catalog: catalogOf(),
    log: silentLogger,
    clock: () => NOW,
    keepMs: 30 * DAY,
    windowMs: 60_000,
    maxAgeMs: 10_000,
    maxRounds: 5,
    ...overrides,
  });

describe('the screen', () => {
  it('shows the recommendation with what the catalogue knows', async () => {
    const screens = makeMemoryScreens();
    const catalog = catalogOf({
      item_id: 'shoe',
      title: 'Red shoe',
      price: 59.9,
      currency: 'EUR',
      in_stock: true,
    });
    const outcomes = await update({ screens, catalog })([recommendation('ada')]);
    expect(outcomes).toEqual([{ kind: 'written', writtenAt: NOW, devices: [] }]);
    expect(screens.documents.get('ada')).toEqual({
      recommendation_id: 'ada@-1000',
      generated_at: at(-900),
      items: [
        {
          item_id: 'shoe',
          score: 0.9,
          reason: 'Because you looked at socks',
          title: 'Red shoe',
          price: 59.9,
          currency: 'EUR',
        },
      ],
      source: 'model',
      model_version: 'm1',
      trigger: recommendation('ada').trigger,
      written_at: at(0),
      expires_at: new Date(NOW + 30 * DAY),
    });
  });

  it('names the arm of an experiment', async () => {
    const screens = makeMemoryScreens();
    const experiment = { name: 'e', arm: 'treatment' };
    await update({ screens })([recommendation('ada', -100, { experiment })]);
    expect(screens.documents.get('ada')?.experiment).toEqual(experiment);
    expect(messageData(recommendation('ada', -100, { experiment }))).toMatchObject({
      experiment: 'e',
      arm: 'treatment',
    });
  });

  it('is written without titles where the catalogue cannot be read', async () => {
    const screens = makeMemoryScreens();
    const catalog = { products: () => Promise.reject(new TransientError('down')) };
    await update({ screens, catalog })([recommendation('ada')]);
    expect(screens.documents.get('ada')?.items).toEqual(recommendation('ada').items);
  });

  it('takes the newest of a batch, and no older one or the same later', async () => {
    const screens = makeMemoryScreens();
    const save = update({ screens });
    const kinds = async (...offsets: readonly number[]) =>
      (await save(offsets.map((offset) => recommendation('ada', offset)))).map(({ kind }) => kind);
    expect(await kinds(-300, -100, -200)).toEqual(['stale', 'written', 'stale']);
    expect(await kinds(-100)).toEqual(['stale']);
    expect(await kinds(-150)).toEqual(['stale']);
    expect(await kinds(-50)).toEqual(['written']);
    expect(screens.documents.get('ada')?.recommendation_id).toBe('ada@-50');
  });
});

describe('a document that changes under the write', () => {
  it('is decided anew: a newer one stays', async () => {
    let others = 1;
    const screens = makeMemoryScreens(async () => {
      if (others-- > 0) await update({ screens })([recommendation('ada', -10)]);
    });
    const save = update({ screens });
    const outcomes = await save([recommendation('ada', -500), recommendation('bob', -500)]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['stale', 'written']);
    expect(screens.documents.get('ada')?.recommendation_id).toBe('ada@-10');
  });

  it('is left to redelivery when it changes every time', async () => {
    let offset = -9000;
    const inner = makeMemoryScreens();
    const screens = {
      read: inner.read,
      async write(writes: Parameters<typeof inner.write>[0]) {
        offset += 1;
        await update({ screens: inner })([recommendation('ada', offset)]);
        return inner.write(writes);
      },
    };
    await expect(update({ screens, maxRounds: 3 })([recommendation('ada', 0)])).rejects.toThrow(
      TransientError,
    );
    expect(inner.reads).toBe(6);
  });

  test('whatever the interleaving of instances, the newest stays', async () => {
    const batches = fc.array(fc.array(fc.integer({ min: -50, max: 0 }), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), batches, async (scheduler, offsets) => {
        const inner = makeMemoryScreens();
        const screens = {
          read: scheduler.scheduleFunction(inner.read),
          write: scheduler.scheduleFunction(inner.write),
        };
        const all = offsets.map((batch) =>
          update({ screens, maxRounds: 100 })(batch.map((offset) => recommendation('ada', offset))),
        );
        await scheduler.waitFor(Promise.all(all));
        const newest = Math.max(...offsets.flat());
        expect(inner.documents.get('ada')?.recommendation_id).toBe(`ada@${newest}`);
      }),
      { numRuns: 100 },
    );
  });
});

describe('devices', () => {
  const reached = async (save: ReturnType<typeof update>, ...each: Parameters<typeof recommendation>) => {
    const [outcome] = await save([recommendation(...each)]);
    return outcome?.kind === 'written' ? outcome.devices : 'stale';
  };

  it('are named once per window, and the mark is in the document', async () => {
    const screens = makeMemoryScreens();
    let now = NOW;
    const save = update({ screens, devices: makeMemoryDevices('ada'), clock: () => now });
    expect(await reached(save, 'ada', -100)).toEqual([device('ada')]);
    expect(screens.documents.get('ada')?.notified_at).toBe(at(0));
    now = NOW + 59_999;
    expect(await reached(save, 'ada', 59_000)).toEqual([]);
    expect(screens.documents.get('ada')?.notified_at).toBe(at(0));
    now = NOW + 60_000;
    expect(await reached(save, 'ada', 59_500)).toEqual([device('ada')]);
    expect(screens.documents.get('ada')?.notified_at).toBe(at(60_000));
  });

  it.each([
    ['an old trigger', 'ada', -10_001, {}],
    ['a visitor without any', 'bob', -100, {}],
    [
      'recommendations made anew after a deploy',
      'ada',
      -100,
      { trigger: { ...recommendation('ada', -100).trigger, event_name: 'refresh' } },
    ],
  ] as const)('are not named for %s', async (_case, visitor, offset, overrides) => {
    const screens = makeMemoryScreens();
    const save = update({ screens, devices: makeMemoryDevices('ada') });
    expect(await reached(save, visitor, offset, overrides)).toEqual([]);
    expect(screens.documents.get(visitor)).not.toHaveProperty('notified_at');
  });

  it('are not looked up where messages are off, and their failure does not stop the screen', async () => {
    expect(await reached(update({ devices: undefined }), 'ada')).toEqual([]);
    const find = vi.fn(() => Promise.reject(new Error('down')));
    const broken = update({ devices: { find, remove: async () => undefined } });
    expect(await reached(broken, 'ada')).toEqual([]);
    expect(find).toHaveBeenCalledWith(['ada']);
  });
});
