import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Deployed, splitFor, splitWithout } from './traffic.ts';

/** Up to five deployed models whose shares sum to 100, or nothing. */
const deployments: fc.Arbitrary<readonly Deployed[]> = fc
  .array(fc.nat(20), { maxLength: 5 })
  .map((weights) => {
    const sum = weights.reduce((a, b) => a + b, 0);
    const shares = weights.map((weight) => (sum === 0 ? 0 : Math.floor((weight * 100) / sum)));
    const rest = 100 - shares.reduce((a, b) => a + b, 0);
    return shares.map((share, at) => ({
      id: `d${at}`,
      version: `v${at}`,
      share: at === 0 ? share + rest : share,
    }));
  });
const total = (split: Readonly<Record<string, number>>) =>
  Object.values(split).reduce((sum, share) => sum + share, 0);

test('a split gives 100 percent to what is deployed, and to the one asked for its share', () => {
  fc.assert(
    fc.property(deployments, fc.integer({ min: 1, max: 100 }), (deployed, percent) => {
      const split = splitFor('new', percent, deployed);
      expect(total(split)).toBe(100);
      expect(split.new).toBe(deployed.length === 0 ? 100 : percent);
      expect(Object.values(split).every((share) => share >= 0)).toBe(true);
      expect(splitFor('new', percent, [...deployed, { id: 'new', version: 'new', share: 3 }])).toEqual(split);
    }),
  );
});

test('a split without one gives 100 percent to the others, or there are none', () => {
  fc.assert(
    fc.property(deployments, (deployed) => {
      const split = splitWithout('d0', deployed);
      expect(split).not.toHaveProperty('d0');
      expect(total(split)).toBe(deployed.length > 1 ? 100 : 0);
      expect(Object.values(split).every((share) => Number.isInteger(share) && share >= 0)).toBe(true);
    }),
  );
});

test('the rest goes to what has most of the traffic', () => {
  const deployed = [
    { id: 'old-canary', version: 'c', share: 10 },
    { id: 'live', version: 'l', share: 90 },
  ];
  expect(splitFor('new', 20, deployed)).toEqual({ 'old-canary': 0, live: 80, new: 20 });
  expect(splitWithout('old-canary', deployed)).toEqual({ live: 100 });
});
