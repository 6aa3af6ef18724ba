import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import type { View } from '../../emulators/firestore/backend.ts';
import { anyExpression } from '../../emulators/firestore/rules/cases/any-expression.ts';
import { v2 } from '../../emulators/firestore/rules/cases/files.ts';
import { bound, evaluate } from '../../emulators/firestore/rules/evaluate.ts';
import { valuesFrame } from '../../emulators/firestore/rules/frame.ts';
import { loadRules } from '../../emulators/firestore/rules/load.ts';
import { makeLookups } from '../../emulators/firestore/rules/lookups.ts';
import { map, NULL, path, type RuleValue, string } from '../../emulators/firestore/rules/rule-value.ts';
import { EvaluationError, RulesError } from '../../emulators/firestore/rules/rules-error.ts';
import { startFirestoreEmulator } from '../../emulators/google/firestore.ts';
import { whyNoGoogleEmulators } from '../helpers/google-emulators.ts';
import { search } from '../helpers/search.ts';

const why = await whyNoGoogleEmulators();
const PROJECT = 'demo-rules';
const PATH = ['databases', '(default)', 'documents', 'a', 'x'];
const EMPTY: View = { time: 0n, get: () => undefined };
const REQUEST = map([
  ['auth', NULL],
  ['method', string('get')],
  ['path', path(PATH)],
]);
const NAMES = new Map([
  ['request', bound(REQUEST)],
  ['resource', bound(NULL)],
  ['id', bound(string('x'))],
]);

/** What our rules make of an expression; undefined where it has no value. @throws RulesError */
function worthOf(expression: string): RuleValue | undefined {
  const [documents] = loadRules(rulesWith(expression)).matches;
  const condition = documents?.matches[0]?.allows[0]?.condition;
  if (!condition) throw new Error('the rules have no condition');
  try {
    return evaluate(condition, valuesFrame(undefined, NAMES), {
      ...makeLookups(`projects/${PROJECT}/databases/(default)`, { before: EMPTY, after: EMPTY }, new Set()),
      spend: () => undefined,
      debug: () => undefined,
    });
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

const rulesWith = (condition: string): string => v2(`match /a/{id} { allow get: if ${condition}; }`);

/** A value as rules write it; undefined for those that have no literal. */
function literalOf(value: RuleValue): string | undefined {
  const all = (items: readonly RuleValue[]): string | undefined => {
    const texts = items.map(literalOf);
    return texts.includes(undefined) ? undefined : `[${texts.join(', ')}]`;
  };
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'bool':
    case 'int':
      return `(${value.value})`;
    case 'float':
      return /^-?\d+(\.\d+)?$/.test(String(value.value)) ? `(float(${value.value}))` : undefined;
    case 'string':
      return /^[\w ,é😀./-]*$/u.test(value.value) ? `'${value.value}'` : undefined;
    case 'list':
      return all(value.items);
    case 'set': {
      const items = all(value.items);
      return items && `${items}.toSet()`;
    }
    case 'duration':
      return `duration.value(${value.nanos}, 'ns')`;
    case 'latlng':
      return `latlng.value(${value.latitude}, ${value.longitude})`;
    default:
      return undefined;
  }
}

describe.skipIf(why)(
  `any expression of rules, on Google’s emulator${why ? ` (skipped: ${why})` : ''}`,
  () => {
    let emulator: RunningEmulator;
    beforeAll(async () => {
      emulator = await startFirestoreEmulator({ project: PROJECT });
    });
    afterAll(() => emulator?.close());

    /** Undefined where Google's refuses the rules, or fails on them. */
    async function allowedByGoogles(condition: string): Promise<boolean | undefined> {
      const loaded = await fetch(`${emulator.url}/emulator/v1/projects/${PROJECT}:securityRules`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          rules: { files: [{ name: 'firestore.rules', content: rulesWith(condition) }] },
        }),
      });
      await loaded.arrayBuffer();
      if (!loaded.ok) return undefined;
      const got = await fetch(`${emulator.url}/v1/projects/${PROJECT}/databases/(default)/documents/a/x`);
      await got.arrayBuffer();
      return got.status === 404;
    }

    it('is allowed by both or by neither', { timeout: 120_000 }, async () => {
      const condition = fc.oneof(
        anyExpression(),
        anyExpression().map((each) => `!((${each}) == 'none')`),
        fc.tuple(anyExpression(), anyExpression()).map(([a, b]) => `(${a}) == (${b})`),
      );
      await fc.assert(
        fc.asyncProperty(condition, async (each) => {
          const value = attempt(each);
          const ours = value?.kind === 'bool' && value.value;
          expect((await allowedByGoogles(each)) ?? false).toBe(ours);
        }),
        { ...search(150), endOnFailure: true },
      );
    });

    it('has the same value', { timeout: 120_000 }, async () => {
      const literal = (each: string): string | undefined => {
        const value = attempt(each);
        return value && literalOf(value);
      };
      const valued = anyExpression().filter(
        (each) => !each.includes('request.time') && literal(each) !== undefined,
      );
      await fc.assert(
        fc.asyncProperty(valued, async (each) => {
          // Google's compiler fails on some that it takes in part; they are not counted.
          expect((await allowedByGoogles(`(${each}) == ${literal(each)}`)) ?? true).toBe(true);
        }),
        { ...search(150), endOnFailure: true },
      );
    });

    /** Rules that ours refuses allow nothing. */
    function attempt(condition: string): RuleValue | undefined {
      try {
        return worthOf(condition);
      } catch (error) {
        if (error instanceof RulesError) return undefined;
        throw error;
      }
    }
  },
);
