import { describe, expect, test } from 'vitest';
import { writeKeyOf } from './write-key.ts';

describe('writeKeyOf', () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  test.each([
    { name: 'Segment', headers: { authorization: basic('k1:') }, key: 'k1' },
    { name: 'Basic with a password', headers: { authorization: basic('k1:x:y') }, key: 'k1' },
    { name: 'Basic without a colon', headers: { authorization: basic('k1') }, key: 'k1' },
    { name: 'Bearer', headers: { authorization: 'bearer k1' }, key: 'k1' },
    { name: 'X-Write-Key', headers: { 'x-write-key': ' k1 ' }, key: 'k1' },
    { name: 'nothing', headers: {}, key: undefined },
    { name: 'an unknown scheme', headers: { authorization: 'Digest k1' }, key: undefined },
    { name: 'an empty credential', headers: { authorization: 'Bearer ' }, key: undefined },
  ])('$name', ({ headers, key }) => {
    expect(writeKeyOf(headers)).toBe(key);
  });
});
