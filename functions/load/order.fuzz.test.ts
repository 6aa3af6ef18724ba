import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvOf, linesOf, makeInbox } from './fixtures.ts';

const DAYS = 4;
const dayOf = (day: number): string => csvOf(linesOf(20 + day, day * 1_000));

/** Which day is put, in what form, and in which folder before the source's. */
const put = fc.record({
  day: fc.integer({ min: 0, max: DAYS - 1 }),
  form: fc.constantFrom('plain', 'gzip', 'zstd'),
  folder: fc.constantFrom('', 'live/'),
});

test('a shop’s days make the same events late, twice, compressed anew and in any order', async () => {
  const tidy = makeInbox();
  for (let day = 0; day < DAYS; day += 1) await tidy.put(`retailrocket/day-${day}.csv`, dayOf(day));
  const expected = byId(tidy.raw());
  const everyDay = fc.shuffledSubarray([...Array(DAYS).keys()], { minLength: DAYS });
  await fc.assert(
    fc.asyncProperty(everyDay, fc.array(put, { maxLength: 6 }), async (days, again) => {
      const inbox = makeInbox({ chunkBytes: 200 });
      const puts = [...again, ...days.map((day) => ({ day, form: 'plain', folder: '' }))];
      for (const [index, { day, form, folder }] of puts.entries()) {
        const text = dayOf(day);
        const bytes = form === 'plain' ? text : form === 'gzip' ? gzipSync(text) : zstdCompressSync(text);
        const suffix = form === 'plain' ? '' : form === 'gzip' ? '.gz' : '.zst';
        await inbox.put(`${folder}retailrocket/day-${day}.csv${suffix}`, bytes, String(index));
      }
      expect(byId(inbox.raw())).toEqual(expected);
      expect(inbox.failed()).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

/** Events as the deduplicated view has them. */
function byId<T extends { readonly event_id: string }>(events: readonly T[]): ReadonlyMap<string, T> {
  return new Map(
    events.toSorted((a, b) => (a.event_id < b.event_id ? -1 : 1)).map((event) => [event.event_id, event]),
  );
}
