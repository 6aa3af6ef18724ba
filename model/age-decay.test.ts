import { expect, it } from 'vitest';
import { ageDecays } from './age-decay.ts';

it('is as exact as its numbers for millions of sessions', () => {
  const sessions = 2_000_000;
  const decays = ageDecays(sessions, 0.2);
  for (const session of [0, 1, 77_777, 1_234_567, sessions - 1]) {
    const exact = Math.exp((session - sessions) / (0.2 * sessions));
    expect(Math.abs((decays[session] ?? 0) / exact - 1)).toBeLessThan(1e-6);
  }
  expect(ageDecays(0, 1)).toHaveLength(0);
});
