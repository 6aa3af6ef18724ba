import { describe, expect, test } from 'vitest';
import { armOf, type Experiment } from '../../shared/experiments.ts';
import { makeBreakers } from './breakers.ts';
import { makeCircuitBreaker } from './circuit-breaker.ts';
import { enrichedEvent } from './fixtures.ts';
import { CURRENT, ranked, setUp } from './recommend-fixtures.ts';

const OTHER = 'projects/p/locations/l/endpoints/2';
const experiment: Experiment = {
  name: 'e',
  arms: [
    { name: 'control', weight: 1, shows: 'popularity' },
    { name: 'live', weight: 1, shows: 'live' },
    { name: 'new', weight: 1, shows: { model_version: 'm2', endpoint: OTHER } },
  ],
};
/** One person of each arm. */
const people = experiment.arms.map(({ name }) => {
  const keys = Array.from({ length: 100 }, (_, index) => `user-${index}`);
  return keys.find((key) => armOf(experiment, key).name === name) ?? '';
});
const events = people.map((user_key) =>
  enrichedEvent({ event_id: `event of ${user_key}`, user_key, visitor_id: user_key }),
);

describe('an experiment', () => {
  test('gives each arm its own, in one call to each endpoint, and says which arm it was', async () => {
    const { onEvents, asked, published, lines } = setUp({
      experiment,
      predict: (_instance, endpoint) => ({
        ...ranked('belt', 'scarf', 'glove'),
        model_version: endpoint === OTHER ? 'm2' : 'm1',
      }),
    });
    const result = await onEvents(events);
    expect(asked.map(({ endpoint, instances }) => [endpoint, instances.length])).toEqual([
      [CURRENT.endpoint, 1],
      [OTHER, 1],
    ]);
    expect(
      published[0]?.made.map((made) => [made.user_key, made.experiment, made.source, made.model_version]),
    ).toEqual([
      [people[0], { name: 'e', arm: 'control' }, 'popularity', 'm1'],
      [people[1], { name: 'e', arm: 'live' }, 'model', 'm1'],
      [people[2], { name: 'e', arm: 'new' }, 'model', 'm2'],
    ]);
    expect(result.metrics).toMatchObject({ by_model: 2, by_popularity: 0, by_arm_of_popularity: 1 });
    expect(lines).toEqual([]);
  });

  test('asks no model for an arm of popularity, and filters its list as any other', async () => {
    const { onEvents, asked, shown } = setUp({ experiment });
    await onEvents(events.slice(0, 1));
    expect(asked).toEqual([]);
    // Popular are shoe, belt, scarf and glove; the shoe is being looked at.
    expect(shown()).toEqual([['belt', 'scarf', 'glove']]);
  });

  test('keeps the arm where popularity stands in for its model, which counts as a fallback', async () => {
    const { onEvents, published } = setUp({
      experiment,
      predict: () => {
        throw new Error('deadline exceeded');
      },
    });
    const result = await onEvents(events.slice(0, 2));
    expect(published[0]?.made.map((made) => [made.experiment?.arm, made.source])).toEqual([
      ['control', 'popularity'],
      ['live', 'popularity'],
    ]);
    expect(result.metrics).toMatchObject({ by_model: 0, by_popularity: 1, by_arm_of_popularity: 1 });
  });

  test('warns of an endpoint that serves another version than its arm says', async () => {
    const { onEvents, lines } = setUp({ experiment });
    await onEvents(events.slice(2));
    expect(lines.join()).toContain('the arm new is to show m2, and its endpoint answers by m1');
  });

  test('is absent from recommendations where none runs', async () => {
    const { onEvents, published } = setUp();
    const result = await onEvents(events);
    expect(published[0]?.made.filter((made) => 'experiment' in made)).toEqual([]);
    expect(result.metrics).not.toHaveProperty('by_arm_of_popularity');
  });
});

test('an endpoint that fails does not open the circuit of another', async () => {
  const breakers = makeBreakers(() => makeCircuitBreaker({ failures: 1, openMs: 1000, clock: () => 0 }));
  await expect(breakers.run(() => Promise.reject(new Error('down')), 'new')).rejects.toThrow('down');
  await expect(breakers.run(async () => 'answer', 'new')).rejects.toThrow('the circuit is open');
  expect(await breakers.run(async () => 'answer', 'live')).toBe('answer');
});
