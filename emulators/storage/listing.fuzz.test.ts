import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareNames, type ListQuery, listPage } from './listing.ts';

const name = fc.string({
  unit: fc.constantFrom('a', 'b', '/', 'é', '𝒳', '\uffee'),
  minLength: 1,
  maxLength: 5,
});
const names = fc.uniqueArray(name, { maxLength: 30 }).map((list) => list.toSorted(compareNames));

/** All pages, one after another. */
function listAll(sorted: readonly string[], query: ListQuery) {
  const found: { names: string[]; prefixes: string[] } = { names: [], prefixes: [] };
  let pageToken: string | undefined;
  do {
    const page = listPage(sorted, { ...query, pageToken });
    found.names.push(...page.names);
    found.prefixes.push(...page.prefixes);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return found;
}

test('pages of any size add up to the whole, in order', () => {
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 5 }), (sorted, maxResults) => {
      expect(listAll(sorted, { maxResults })).toEqual({ names: sorted, prefixes: [] });
    }),
  );
});

test('with a delimiter every name is listed or lies in a folder, once', () => {
  fc.assert(
    fc.property(
      names,
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('', 'a', 'b/'),
      (sorted, maxResults, prefix) => {
        const { names: listed, prefixes } = listAll(sorted, { maxResults, prefix, delimiter: '/' });
        const wanted = sorted.filter((each) => each.startsWith(prefix));
        const isInFolder = (each: string) => each.indexOf('/', prefix.length) >= 0;
        expect(listed).toEqual(wanted.filter((each) => !isInFolder(each)));
        const folders = wanted
          .filter(isInFolder)
          .map((each) => each.slice(0, each.indexOf('/', prefix.length) + 1));
        expect(prefixes).toEqual([...new Set(folders)]);
      },
    ),
  );
});

test('offsets cut the listing', () => {
  fc.assert(
    fc.property(names, name, name, (sorted, startOffset, endOffset) => {
      const isWithin = (each: string) =>
        compareNames(each, startOffset) >= 0 && compareNames(each, endOffset) < 0;
      expect(listPage(sorted, { startOffset, endOffset }).names).toEqual(sorted.filter(isWithin));
    }),
  );
});
