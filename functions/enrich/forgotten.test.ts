import { expect, test } from 'vitest';
import { pseudonym } from '../../shared/ids.ts';
import { keyHash } from '../../shared/key-hash.ts';
import { NOW, rawEvent, SETTINGS } from './fixtures.ts';
import { makeForgotten } from './forgotten.ts';

function setUp() {
  let now = NOW;
  const tombstones = new Map<string, number>();
  const asked: number[] = [];
  let away = false;
  const forgotten = makeForgotten({
    store: {
      since: async (time) => {
        asked.push(time);
        if (away) throw new Error('Firestore is away');
        return new Map(tombstones);
      },
    },
    ttlMs: 1000,
    clock: () => now,
  });
  const isForgotten = async (...events: Parameters<typeof rawEvent>) =>
    (await forgotten(SETTINGS.pseudonymKey))(rawEvent(...events));
  return {
    tombstones,
    asked,
    isForgotten,
    pass: (ms: number) => {
      now += ms;
    },
    fail: (value: boolean) => {
      away = value;
    },
  };
}

test('many events at a time cost one read, and what is known is believed for a while', async () => {
  const { asked, isForgotten, pass } = setUp();
  await Promise.all([isForgotten(), isForgotten(), isForgotten()]);
  pass(999);
  await isForgotten();
  expect(asked).toEqual([0]);
  pass(1);
  await isForgotten();
  expect(asked).toEqual([0, NOW - 300_000]);
});

test('a tombstone counts from the next read on, for what was before it', async () => {
  const { tombstones, isForgotten, pass } = setUp();
  expect(await isForgotten({ user_id: 'Ada' })).toBe(false);
  tombstones.set(keyHash(pseudonym(SETTINGS.pseudonymKey, 'ada')), NOW);
  pass(1000);
  expect(await isForgotten({ user_id: 'Ada' })).toBe(true);
  expect(
    await isForgotten({ user_id: 'ada', collector: { received_at: new Date(NOW + 1).toISOString() } }, 1),
  ).toBe(false);
  expect(await isForgotten({ anonymous_id: 'ada' })).toBe(false);
});

test('while tombstones cannot be read nobody is taken for not forgotten', async () => {
  const { isForgotten, fail } = setUp();
  fail(true);
  await expect(isForgotten()).rejects.toThrow('Firestore is away');
  fail(false);
  expect(await isForgotten()).toBe(false);
});
