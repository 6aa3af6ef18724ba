import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText, parseCleanJson } from './clean-json.ts';

describe('parseCleanJson', () => {
  test.each([
    { name: 'a lone surrogate', text: String.raw`{"a":"x\ud800y"}`, value: { a: 'x\uFFFDy' } },
    { name: 'a lone surrogate in a key', text: String.raw`{"a\uDFFF":[1]}`, value: { 'a\uFFFD': [1] } },
    { name: 'NUL', text: String.raw`["\u0000"]`, value: ['\uFFFD'] },
    { name: 'a pair of surrogates', text: String.raw`["\ud83d\ude00"]`, value: ['😀'] },
    { name: '__proto__', text: '{"__proto__":{"admin":true},"a":1}', value: { a: 1 } },
    {
      name: '__proto__ with a letter escaped',
      text: String.raw`{"b":{"__\u0070roto__":{"x":1}}}`,
      value: { b: {} },
    },
    {
      name: '__proto__ in disguise',
      text: String.raw`{"b":{"\u005f_proto_\u005f":{"x":1}}}`,
      value: { b: {} },
    },
  ])('mends $name', ({ text, value }) => {
    const parsed = parseCleanJson(text);
    expect(parsed).toEqual(value);
    expect(Object.getPrototypeOf(parsed ?? {})).not.toHaveProperty('admin');
  });

  test('does not exhaust the stack', () => {
    const deep = `${'['.repeat(200_000)}"\\u0000"${']'.repeat(200_000)}`;
    expect(() => parseCleanJson(deep)).not.toThrow();
  });

  test('leaves every clean value as JSON.parse gives it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__') && !text.includes('\\u0000'));
        expect(parseCleanJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('never leaves ill-formed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseCleanJson(JSON.stringify([text])) as string[];
        expect(parsed[0]).toBe(cleanText(text));
        expect(parsed[0]?.isWellFormed()).toBe(true);
      }),
    );
  });
});
