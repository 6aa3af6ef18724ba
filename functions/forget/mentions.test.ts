import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mentionsOf } from './mentions.ts';

describe('mentionsOf', () => {
  const email = mentionsOf(['Ada@Example.com']);
  const short = mentionsOf(['42']);

  test.each([
    ['a value', '{"user_id":"ada@example.com"}'],
    ['in another case, with blanks', '{"user_id":" ADA@example.COM "}'],
    ['within a text', '{"page":{"url":"https://shop.example/?mail=ada@example.com&x=1"}}'],
    ['percent-encoded', '{"url":"https://shop.example/?mail=ada%40example.com"}'],
    ['as a name', '{"traits":{"ada@example.com":1}}'],
    ['in a list', '[["x",{"a":["ada@example.com"]}]]'],
    ['in JSON within JSON', '{"data":"{\\"id\\":\\"ada@example.com\\"}"}'],
    ['in text that is no JSON', '{"user_id":"ada@example.com", oops'],
    ['in a line of CSV', '7;ada@example.com;view'],
  ])('finds an id that is %s', (_name, text) => {
    expect(email.in(text)).toBe(true);
  });

  test.each([
    ['another id that contains it', '{"user_id":"sada@example.community"}'],
    ['nothing', '{}'],
    ['an empty text', ''],
  ])('does not find it in %s', (_name, text) => {
    expect(email.in(text)).toBe(false);
  });

  test('a short id is found as a whole value, and as a number in a field of ids', () => {
    for (const text of ['{"user_id":"42"}', '{"user_id":42}', '{"customerId":42}', '7,42,view']) {
      expect([text, short.in(text)]).toEqual([text, true]);
    }
    for (const text of [
      '{"value":42}',
      '{"quantity":42,"url":"/page/42"}',
      '{"user_id":"420"}',
      '7,142,view',
    ]) {
      expect([text, short.in(text)]).toEqual([text, false]);
    }
  });

  test('however deep it is nested, as a value or as JSON within a text', () => {
    const nested = (inner: string) => `${'['.repeat(30_000)}${inner}${']'.repeat(30_000)}`;
    for (const wrap of [(text: string) => text, (text: string) => JSON.stringify({ data: text })]) {
      expect(email.in(wrap(nested('"ada@example.com"')))).toBe(true);
      expect(email.in(wrap(nested('"bob@example.com"')))).toBe(false);
    }
  });

  test('signs of regular expressions in ids mean themselves', () => {
    expect(mentionsOf(['a.*(b']).in('{"user_id":"axxb"}')).toBe(false);
    expect(mentionsOf(['a.*(b']).in('{"user_id":"a.*(b"}')).toBe(true);
  });

  test('nobody is meant by blanks', () => {
    expect(mentionsOf(['', ' ']).in('{"user_id":""}')).toBe(false);
  });

  test('whatever the id, an event that names it is found, and contains a needle', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), (id) => {
        fc.pre(id.trim() !== '');
        const mentions = mentionsOf([id]);
        const payload = JSON.stringify({ event_name: 'x', user_id: id });
        expect(mentions.in(payload)).toBe(true);
        expect(mentions.needles.some((needle) => payload.toLowerCase().includes(needle))).toBe(true);
      }),
    );
  });
});
