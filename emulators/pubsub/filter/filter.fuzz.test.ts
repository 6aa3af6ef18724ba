import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PubSubError } from '../pubsub-error.ts';
import { parseFilter } from './filter.ts';

/** A filter's text, and what it means by other means than the parser's. */
interface Sample {
  readonly text: string;
  readonly holds: (attributes: Readonly<Record<string, string>>) => boolean;
}

const keys = fc.constantFrom('a', 'b-c', 'd_e', 'with space', 'q"uote', '__proto__', 'é');
const values = fc.constantFrom('', 'x', 'xy', '"', '\\', '\n', 'ü');
const quoted = (text: string): string => JSON.stringify(text);
const keyText = (key: string): string => (/^[\w-]+$/.test(key) ? key : quoted(key));

const { sample } = fc.letrec<{ sample: Sample; leaf: Sample }>((tie) => ({
  leaf: fc
    .tuple(keys, values, fc.constantFrom(':', '=', '!=', 'prefix'))
    .map(([key, value, kind]): Sample => {
      const attribute = `attributes.${keyText(key)}`;
      const get = (attributes: Readonly<Record<string, string>>) =>
        Object.entries(attributes).find(([name]) => name === key)?.[1];
      if (kind === ':') return { text: `attributes:${keyText(key)}`, holds: (of) => get(of) !== undefined };
      if (kind === 'prefix')
        return {
          text: `hasPrefix(${attribute},${quoted(value)})`,
          holds: (of) => get(of)?.startsWith(value) === true,
        };
      return {
        text: `${attribute}${kind}${quoted(value)}`,
        holds: (of) => (get(of) === value) === (kind === '='),
      };
    }),
  sample: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    tie('leaf'),
    tie('sample').map(({ text, holds }): Sample => ({ text: `NOT (${text})`, holds: (of) => !holds(of) })),
    fc.tuple(tie('sample'), tie('sample'), fc.boolean()).map(
      ([left, right, and]): Sample => ({
        text: `(${left.text}) ${and ? 'AND' : 'OR'} (${right.text})`,
        holds: (of) => (and ? left.holds(of) && right.holds(of) : left.holds(of) || right.holds(of)),
      }),
    ),
  ),
}));
const attributes = fc.dictionary(keys, values, { noNullPrototype: false });

it('means what its parts mean', () => {
  fc.assert(
    fc.property(sample, attributes, ({ text, holds }, of) => {
      fc.pre(Buffer.byteLength(text) <= 256);
      expect(parseFilter(text)(of)).toBe(holds(of));
    }),
  );
});

it('refuses any other text in words, and never crashes', () => {
  const pieces = fc.constantFrom(
    ...['attributes', '.', ':', '=', '!=', '"x"', '(', ')', 'AND', 'OR', 'NOT', '-', 'hasPrefix', ' '],
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(pieces).map((all) => all.join('')),
      ),
      (text) => {
        try {
          expect(typeof parseFilter(text)({})).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(PubSubError);
        }
      },
    ),
  );
});
