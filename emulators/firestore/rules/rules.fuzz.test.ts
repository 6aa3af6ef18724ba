import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FirestoreError } from '../firestore-error.ts';
import { makeRulesAccess } from './access.ts';
import { FAILING } from './cases/failing.ts';
import { FILES, v2 } from './cases/files.ts';
import { HOLDING } from './cases/holding.ts';
import { loadRules } from './load.ts';
import { NULL } from './rule-value.ts';
import { RulesError } from './rules-error.ts';
import type { RulesFile } from './syntax.ts';

const NAME = 'projects/demo-rules/databases/(default)/documents/a/x';

/** Undefined where the rules are refused. */
function load(source: string): RulesFile | undefined {
  try {
    return loadRules(source);
  } catch (error) {
    expect(error).toBeInstanceOf(RulesError);
    return undefined;
  }
}

/** Asks for a document, and expects an answer: yes, or no by PERMISSION_DENIED. */
function ask(file: RulesFile): boolean {
  try {
    makeRulesAccess({ rules: () => file, auth: NULL }).get(NAME, undefined, {
      time: 0n,
      get: () => undefined,
    });
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(FirestoreError);
    return false;
  }
}

const CONDITIONS = [...HOLDING, ...FAILING];
const SOURCES = [
  ...FILES.map(([source]) => source),
  ...CONDITIONS.map((each) => v2(`match /a/{id} { allow get: if ${each}; }`)),
];

describe('rules, whatever their text', () => {
  it('are taken or refused, and answer', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.constantFrom(...SOURCES), fc.nat(), fc.nat(8), fc.string({ maxLength: 4 })).map(
        // A known file with a piece cut out and another put in.
        ([source, at, length, piece]) => {
          const start = at % source.length;
          return source.slice(0, start) + piece + source.slice(start + length);
        },
      ),
      fc
        .array(fc.constantFrom(...SOURCES.join(' ').split(/\b/)), { maxLength: 40 })
        .map((words) => words.join('')),
    );
    fc.assert(
      fc.property(text, (source) => {
        const file = load(source);
        if (file) ask(file);
      }),
      { numRuns: 2000 },
    );
  });

  it('hold as their conditions do: && || ! ?:', () => {
    const holds = (condition: string): boolean => {
      const file = load(v2(`match /a/{id} { allow get: if ${condition}; }`));
      if (!file) throw new Error(`refused: ${condition}`);
      return ask(file);
    };
    fc.assert(
      fc.property(fc.constantFrom(...CONDITIONS), fc.constantFrom(...CONDITIONS), (left, right) => {
        const [a, b] = [holds(left), holds(right)];
        expect(holds(`(${left}) && (${right})`)).toBe(a && b);
        expect(holds(`(${left}) || (${right})`)).toBe(a || b);
        if (a) expect(holds(`!(${left})`)).toBe(false);
        if (a) expect(holds(`(${left}) ? (${right}) : false`)).toBe(b);
      }),
      { numRuns: 300 },
    );
  });

  it('deep or long, do not exhaust the stack', () => {
    const nest = fc.constantFrom('(', '[', '!', '-', '{"a":', 'f(', '/a/$(');
    fc.assert(
      fc.property(nest, fc.integer({ min: 50, max: 20_000 }), (open, times) => {
        const file = load(v2(`match /a/{id} { allow get: if ${open.repeat(times)}`));
        expect(file).toBeUndefined();
      }),
      { numRuns: 30 },
    );
    for (const link of ['.a', '[0]', '.size()', ' + 1', ' && true', ' ? true : true']) {
      const file = load(v2(`match /a/{id} { allow get: if id${link.repeat(20_000)}; }`));
      expect(file).toBeUndefined();
    }
    expect(load(v2(`${'match /a/{id} {'.repeat(20_000)}`))).toBeUndefined();
  });
});
