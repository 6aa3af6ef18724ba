import { describe, expect, test } from 'vitest';
import { makeFindSource, OriginList, SourceList } from './sources.ts';

describe('SourceList', () => {
  test('a list of keys is one source', () => {
    expect(SourceList.parse(' old , new,,')).toEqual([{ name: 'default', keys: ['old', 'new'] }]);
  });

  test('JSON names sources, with keys and origins of their own', () => {
    const text = '{"web":{"keys":["k1","k2"],"origins":["https://shop.example/"]},"server":{"keys":["k3"]}}';
    expect(SourceList.parse(text)).toEqual([
      { name: 'web', keys: ['k1', 'k2'], origins: ['https://shop.example'] },
      { name: 'server', keys: ['k3'], origins: undefined },
    ]);
  });

  test.each([
    { text: ' , ', says: 'no key' },
    { text: '{', says: 'no JSON' },
    { text: '{}', says: 'names no source' },
    { text: '{"web":{"keys":[]}}', says: 'web.keys' },
    { text: '{"web":{"keys":["secret-1"],"origin":[]}}', says: 'web' },
    { text: '{"web":{"keys":["secret-1"],"origins":["shop.example"]}}', says: 'https://host' },
    { text: '{"web":{"keys":["secret-1"]},"app":{"keys":["secret-1"]}}', says: 'twice' },
    { text: '{"web":"secret-1"}', says: 'web' },
  ])('$text: $says, and quotes no key', ({ text, says }) => {
    const { error } = SourceList.safeParse(text);
    expect(error?.message).toContain(says);
    expect(error?.message).not.toContain('secret-1');
  });

  test('origins', () => {
    expect(OriginList.parse('https://a.example/, https://b.example')).toEqual([
      'https://a.example',
      'https://b.example',
    ]);
    expect(OriginList.safeParse('https://a.example/path').success).toBe(false);
  });
});

describe('makeFindSource', () => {
  const find = makeFindSource([
    { name: 'web', keys: ['old', 'new'] },
    { name: 'server', keys: ['k3'] },
  ]);
  test.each([
    ['old', 'web'],
    ['new', 'web'],
    ['k3', 'server'],
    ['ol', undefined],
    ['', undefined],
    [' old', undefined],
    ['old,new', undefined],
  ])('%j is of %s', (given, name) => {
    expect(find(given)?.name).toBe(name);
  });

  test('a key that was right is right again, and makes no other right', () => {
    for (const given of ['old', 'old', 'olD', 'k3', 'old']) {
      expect(find(given)?.name).toBe({ old: 'web', k3: 'server' }[given]);
    }
  });
});
