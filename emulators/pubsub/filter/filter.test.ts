import { describe, expect, it } from 'vitest';
import { parseFilter } from './filter.ts';

const attributes = {
  domain: 'com',
  'iana.org/language_tag': 'en',
  'trace-id': '7',
  みんな: 'yes',
  region: 'us-east1',
};

describe('a filter holds', () => {
  it.each([
    ['attributes:domain', true],
    ['attributes:missing', false],
    ['attributes:toString', false],
    ['attributes:"iana.org/language_tag"', true],
    ['attributes.domain = "com"', true],
    ['attributes.domain="COM"', false],
    ['attributes.domain != "org"', true],
    ['attributes.missing != "com"', true],
    ['attributes.trace-id = "7"', true],
    ['hasPrefix(attributes.region, "us-")', true],
    ['hasPrefix(attributes.missing, "")', false],
    ['hasPrefix(attributes."iana.org/language_tag", "e")', true],
    ['NOT attributes:missing', true],
    ['-attributes:domain', false],
    ['NOT NOT attributes:domain', true],
    ['attributes:domain AND attributes.region = "eu"', false],
    ['attributes:x OR attributes:y OR attributes:domain', true],
    ['NOT attributes:domain OR attributes:region', true],
    ['attributes:domain AND (attributes.region = "eu" OR hasPrefix(attributes.region, "us"))', true],
    ['(((attributes:domain)))', true],
    ['attributes:"\\u307F\\u3093\\u306A"', true],
    ['attributes.domain = "\\x63\\157m"', true],
    ['attributes.domain = "c\\om"', true],
  ])('%s → %s', (filter, holds) => {
    expect(parseFilter(filter)(attributes)).toBe(holds);
  });
});

describe('a filter is refused', () => {
  it.each([
    ['attributes:a AND attributes:b OR attributes:c', /AND with OR at position 31/],
    ['attributes.a = com', /position 16, "com"/],
    ['attributes.a = "open', /position 16/],
    ['labels.a = "x"', /position 1,/],
    ['attributes.a > "x"', /position 14/],
    ['attributes:a attributes:b', /position 14/],
    ['hasPrefix(attributes:a, "x")', /position 21/],
    ['(attributes:a', /position 14/],
    ['and', /position 1/],
    ['attributes.a = "\\U7fffffff"', /names no character/],
    [`attributes:${'k'.repeat(256)}`, /267 bytes long; at most 256/],
  ])('%s', (filter, message) => {
    expect(() => parseFilter(filter)).toThrow(message);
  });
});
