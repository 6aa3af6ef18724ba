import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { notesOf } from './notes.ts';

const CHANGELOG = `# Changelog

## Unreleased

## 1.10.0 (2026-12-01)

- New: a thing.

  More of it.

## 1.1.0

- Older.
`;

it.each([
  ['1.10.0', '- New: a thing.\n\n  More of it.'],
  ['v1.10.0', '- New: a thing.\n\n  More of it.'],
  ['1.1.0', '- Older.'],
])('finds what is new in %s', (version, notes) => {
  expect(notesOf(CHANGELOG, version)).toBe(notes);
});

it('says which versions there are, and what to do, where there is nothing to tell', () => {
  expect(() => notesOf(CHANGELOG, 'v2.0.0')).toThrow(
    /no section for 2\.0\.0; it has Unreleased, 1\.10\.0, 1\.1\.0/,
  );
  expect(() => notesOf(CHANGELOG, 'Unreleased')).toThrow(/says nothing for Unreleased/);
});

it('reads the changelog of this repository', () => {
  expect(notesOf(readFileSync('CHANGELOG.md', 'utf8'), 'Unreleased')).toContain('npm run deploy');
});
