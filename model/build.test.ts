import { describe, expect, it } from 'vitest';
import { aisleSessions } from '../test/model/sessions.ts';
import { buildModel, cleaningLimits } from './build.ts';
import { evaluateHeldOut } from './evaluate.ts';
import { Manifest } from './manifest.ts';
import type { TrainingSession } from './session.ts';

const clock = (): number => Date.UTC(2026, 10, 21, 9, 30);

describe('buildModel', () => {
  it('builds a model of nothing', async () => {
    const { manifest, itemIds } = await buildModel([], { clock });
    expect(manifest).toMatchObject({ method: 'popularity', popular: [], evaluation: {} });
    expect(itemIds).toEqual([]);
    expect(() => Manifest.parse(manifest)).not.toThrow();
  });

  it.each([
    [5, ['popularity']],
    [60, ['vstan', 'popularity']],
    [250, ['linear', 'vstan', 'popularity']],
    [2500, ['hidden', 'vstan', 'popularity']],
  ])('of %i sessions tries the methods that these can teach, and takes the best', async (count, tried) => {
    const { manifest } = await buildModel(aisleSessions(count), { clock });
    const judged = Object.entries(manifest.evaluation);
    if (count > 5) expect(judged.map(([name]) => name).sort()).toEqual([...tried].sort());
    const value = (name: string): number => {
      const metrics = manifest.evaluation[name as keyof typeof manifest.evaluation];
      return metrics ? metrics.hr20 + metrics.mrr20 : 0;
    };
    for (const [name] of judged) expect(value(manifest.method)).toBeGreaterThanOrEqual(value(name));
    expect(tried).toContain(manifest.method);
  });

  it('judges on the share of newest sessions it is told to, the same as evaluateHeldOut takes', async () => {
    const sessions = aisleSessions(400);
    const { manifest } = await buildModel(sessions, { clock, judged: 0.02 });
    const newest = sessions.slice(-8).reduce((sum, { items }) => sum + items.length - 1, 0);
    expect(manifest.evaluation.popularity?.cases).toBe(newest);
    const older = await buildModel(sessions.slice(0, -8), { clock });
    const metrics = await evaluateHeldOut(older, sessions, { tail: 0.02, limits: cleaningLimits(clock()) });
    expect(metrics.cases).toBe(newest);
  });

  it('gives the same model for the same sessions', async () => {
    const first = await buildModel(aisleSessions(300), { clock });
    const second = await buildModel(aisleSessions(300), { clock });
    expect(second.manifest).toEqual(first.manifest);
    expect(first.manifest.model_version).toMatch(/^20261121T093000Z-[0-9a-f]{8}$/);
  });

  it('is not changed by a poisoned day: a bot, a clock in 1970, ids that are no strings', async () => {
    const timed = aisleSessions(300).map((session, at) => ({
      ...session,
      times: session.items.map(() => clock() - (300 - at) * 60_000),
    }));
    const poison: TrainingSession[] = [
      { items: Array.from({ length: 100_000 }, () => 'a0-0'), times: [clock()] },
      { items: ['a0-0', 'a0-1'], times: [0, 1000] },
      { items: [17, null, { id: 'x' }] as unknown as string[], times: [clock(), clock(), clock()] },
    ];
    const clean = await buildModel(timed, { clock });
    const poisoned = await buildModel([...poison, ...timed], { clock });
    expect(poisoned.manifest.counts.rejected).toEqual({ too_long: 1, clock: 1, no_items: 1 });
    expect(poisoned.manifest.index).toEqual(clean.manifest.index);
    expect(poisoned.manifest.model_version).toBe(clean.manifest.model_version);
  });
});

describe('evaluateHeldOut', () => {
  it('judges on the newest sessions alone', async () => {
    const artifact = await buildModel(aisleSessions(800), { clock });
    const held = aisleSessions(50, 2);
    const steps = held.reduce((sum, { items }) => sum + items.length - 1, 0);
    const options = { tail: 0.5, limits: cleaningLimits(clock()) };
    const metrics = await evaluateHeldOut(artifact, [...aisleSessions(50, 3), ...held], options);
    expect(metrics.cases).toBe(steps);
    expect(metrics.hr20).toBeGreaterThan(0.8);
    expect(metrics.mrr20).toBeLessThanOrEqual(metrics.hr20);
  });
});
