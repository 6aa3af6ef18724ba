import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Every source file below some folders, but for tests. */
function sources(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:ts|html)$/.test(file) && !/\.(?:test|bench)\.ts$|fixtures/.test(file))
      .map((file) => join(folder, file)),
  );
}
const holding = (files: readonly string[], pattern: RegExp): readonly string[] =>
  files.filter((file) => pattern.test(readFileSync(file, 'utf8')));

test('no page makes HTML or code of text', () => {
  const pages = sources('web', 'functions/ingest/development', 'emulators/hosting');
  expect(pages.length).toBeGreaterThan(20);
  const sinks =
    /\.(?:innerHTML|outerHTML|srcdoc)\s*=|insertAdjacentHTML|document\.write|createContextualFragment|\beval\(|new Function\(|setTimeout\(\s*['"`]/;
  expect(holding(pages, sinks)).toEqual([]);
});

test('no function starts a program or runs text as code', () => {
  const functions = sources('functions', 'shared');
  expect(functions.length).toBeGreaterThan(150);
  expect(holding(functions, /node:child_process|node:vm|\beval\(|new Function\(/)).toEqual([]);
});

test('functions put nothing but names of their own into SQL', () => {
  // What stands in a query between ${ and } is a constant, a table's name, or the condition that was parsed.
  const allowed =
    /^(?:name\([^)]*\)|name\(rawTable\([^)]*\)\)|events|failed|recommendations|OF_PERSON|RECOMMENDED|before|where\.sql|SELECTED\.join\(', '\)|options\.bucket|prefix|await trainingQuery\([^)]*\))$/;
  const found = sources('functions').flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const queries = text.match(/`[^`]*\b(?:SELECT|INSERT INTO|DELETE FROM|EXPORT DATA|MERGE)\b[^`]*`/g) ?? [];
    return queries.flatMap((query) =>
      [...query.matchAll(/\$\{((?:[^{}]|\{[^}]*\})*)\}/g)]
        .map(([, inner = '']) => inner.trim())
        .filter((inner) => !allowed.test(inner))
        .map((inner) => `${file}: ${inner}`),
    );
  });
  expect(found).toEqual([]);
});
