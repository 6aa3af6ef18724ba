import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseRange } from './byte-range.ts';
import { parseContentRange } from './content-range.ts';

describe('Range', () => {
  it.each([
    ['bytes=0-4', 10, { start: 0, end: 4 }],
    ['bytes=5-', 10, { start: 5, end: 9 }],
    ['bytes=-3', 10, { start: 7, end: 9 }],
    ['bytes=-30', 10, { start: 0, end: 9 }],
    ['bytes=8-99', 10, { start: 8, end: 9 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=4-2', 10, 'whole'],
    ['bytes=0-1,3-4', 10, 'whole'],
    ['rows=1-2', 10, 'whole'],
    [undefined, 10, 'whole'],
  ] as const)('%s of %i bytes', (header, size, expected) => {
    expect(parseRange(header, size)).toEqual(expected);
  });

  test('never leaves the object', () => {
    const header = fc.oneof(fc.string(), fc.stringMatching(/^bytes=\d{0,4}-\d{0,4}$/));
    fc.assert(
      fc.property(header, fc.nat(2000), (text, size) => {
        const range = parseRange(text, size);
        if (typeof range === 'string') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThan(size);
      }),
    );
  });
});

describe('Content-Range', () => {
  it.each([
    [undefined, { kind: 'bytes', start: 0, end: undefined, total: undefined }],
    ['bytes 0-*/*', { kind: 'bytes', start: 0, end: undefined, total: undefined }],
    ['bytes 5-*/10', { kind: 'bytes', start: 5, end: undefined, total: 10 }],
    ['bytes 0-262143/*', { kind: 'bytes', start: 0, end: 262143, total: undefined }],
    ['bytes 5-9/10', { kind: 'bytes', start: 5, end: 9, total: 10 }],
    ['bytes 10-9/10', { kind: 'bytes', start: 10, end: 9, total: 10 }],
    ['bytes */*', { kind: 'status', total: undefined }],
    ['bytes */10', { kind: 'status', total: 10 }],
    ['bytes 5-2/10', 'malformed'],
    ['bytes 0-10/10', 'malformed'],
    ['bytes', 'malformed'],
    ['', 'malformed'],
  ] as const)('%s', (header, expected) => {
    expect(parseContentRange(header)).toEqual(expected);
  });

  test('any text is read or called malformed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const range = parseContentRange(text);
        expect(range === 'malformed' || range.kind === 'bytes' || range.kind === 'status').toBe(true);
      }),
    );
  });
});
