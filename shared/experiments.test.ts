import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { armOf, CONTROL, type Experiment, ExperimentText } from './experiments.ts';

type Arms = Experiment['arms'];
const arm = (name: string, weight = 1): Arms[number] => ({ name, weight, shows: 'live' });
const experiment = (name: string, ...arms: Arms): Experiment => ({ name, arms });
const PEOPLE = Array.from({ length: 20_000 }, (_, index) => `visitor-${index}`);

function counts(of: Experiment): Readonly<Record<string, number>> {
  const people = Map.groupBy(PEOPLE, (person) => armOf(of, person).name);
  return Object.fromEntries(of.arms.map(({ name }) => [name, people.get(name)?.length ?? 0]));
}

describe('the arm of a person', () => {
  test('is the one it was in every release: a change of the hash would mix all running experiments', () => {
    const halves = experiment('model-or-popular', arm(CONTROL), arm('treatment'));
    const names = ['ada', 'bob', 'eve', 'user-1', 'ünïcode', ''].map((person) => armOf(halves, person).name);
    // As Python's hashlib has it.
    expect(names).toEqual(['control', 'control', 'treatment', 'treatment', 'control', 'treatment']);
  });

  test.each([
    { name: 'halves', arms: [arm(CONTROL), arm('b')] },
    { name: 'a tenth held back', arms: [arm(CONTROL, 1), arm('b', 9)] },
    { name: 'weights of any scale', arms: [arm(CONTROL, 0.2), arm('b', 0.3), arm('c', 0.5)] },
    { name: 'twenty', arms: [arm(CONTROL), ...Array.from({ length: 19 }, (_, index) => arm(`a${index}`))] },
  ])('is by chance, as weights say: $name', ({ name, arms }) => {
    const found = counts(experiment(name, ...arms));
    const whole = arms.reduce((sum, { weight }) => sum + weight, 0);
    const chiSquare = arms.reduce((sum, each) => {
      const expected = (PEOPLE.length * each.weight) / whole;
      return sum + ((found[each.name] ?? 0) - expected) ** 2 / expected;
    }, 0);
    // 43.8 is the 99.9 % quantile at 19 degrees of freedom, the most here; the people are always the same.
    expect(chiSquare).toBeLessThan(43.8);
  });

  test('says nothing about the arm in another experiment, or under another salt', () => {
    const first = experiment('first', arm(CONTROL), arm('b'));
    for (const other of [experiment('second', arm(CONTROL), arm('b')), { ...first, salt: 'anew' }]) {
      const same = PEOPLE.filter((person) => armOf(first, person).name === armOf(other, person).name).length;
      // Five standard deviations of 20,000 throws of a coin.
      expect(Math.abs(same - PEOPLE.length / 2)).toBeLessThan(5 * Math.sqrt(PEOPLE.length / 4));
    }
  });

  test('goes to nobody without a weight, and to everybody with all of it', () => {
    expect(counts(experiment('e', arm('off', 0), arm(CONTROL), arm('last', 0)))).toEqual({
      off: 0,
      [CONTROL]: PEOPLE.length,
      last: 0,
    });
  });

  test('stays when an arm grows at the cost of those behind it', () => {
    const small = experiment('e', arm('b', 1), arm(CONTROL, 9));
    const large = experiment('e', arm('b', 5), arm(CONTROL, 5));
    const moved = PEOPLE.filter((each) => armOf(small, each).name === 'b' && armOf(large, each).name !== 'b');
    expect(moved).toEqual([]);
  });

  test('is always one of the arms', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(weights, fc.string(), (given, person) => {
        fc.pre(given.some((weight) => weight > 0));
        const arms = given.map((weight, index) => arm(index === 0 ? CONTROL : `a${index}`, weight));
        expect(armOf(experiment('e', ...arms), person).weight).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the text of an experiment', () => {
  const control = { name: 'control', weight: 1, shows: 'popularity' };
  const treatment = { name: 'treatment', weight: 9, shows: 'live' };

  test('is read whole', () => {
    const version = { model_version: 'v2', endpoint: 'projects/p/locations/l/endpoints/7' };
    const declared = {
      name: 'e',
      salt: 's',
      arms: [control, treatment, { name: 'new', weight: 0.5, shows: version }],
    };
    expect(ExperimentText.parse(JSON.stringify(declared))).toEqual(declared);
  });

  test.each([
    ['{', 'it is no JSON'],
    ['[]', 'it: Invalid input'],
    [{ name: 'a b', arms: [control, treatment] }, 'name: must be letters'],
    [{ name: 'e', arms: [control] }, 'arms: Too small'],
    [{ name: 'e', arms: [control, control] }, 'arms: two arms have the same name'],
    [{ name: 'e', arms: [treatment, { ...treatment, name: 'b' }] }, 'arms: one arm must be named "control"'],
    [
      {
        name: 'e',
        arms: [
          { ...control, weight: 0 },
          { ...treatment, weight: 0 },
        ],
      },
      'arms: one weight at least',
    ],
    [{ name: 'e', arms: [control, { ...treatment, weight: -1 }] }, 'arms.1.weight: Too small'],
    [
      { name: 'e', arms: [control, { ...treatment, shows: 'newest' }] },
      'arms.1.shows: must be "popularity", "live"',
    ],
    [
      {
        name: 'e',
        arms: [control, { ...treatment, shows: { model_version: 'v2', endpoint: 'endpoints/7' } }],
      },
      'arms.1.shows.endpoint: must be projects/',
    ],
    [{ name: 'e', arms: [control, { ...treatment, wieght: 3 }] }, 'wieght'],
  ])('is refused with where and why: %j', (declared, message) => {
    const text = typeof declared === 'string' ? declared : JSON.stringify(declared);
    const { error } = ExperimentText.safeParse(text);
    expect(error?.issues.map((issue) => issue.message).join()).toContain(message);
  });
});
