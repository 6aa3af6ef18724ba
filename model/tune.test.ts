import { expect, it } from 'vitest';
import { aisleSessions, NO_LIMITS } from '../test/model/sessions.ts';
import { readCorpus } from './corpus.ts';
import { DEFAULT_PARAMETERS, Parameters } from './parameters.ts';
import { type Trial, type Tuned, tune } from './tune.ts';

const shops = [
  await readCorpus(aisleSessions(400), NO_LIMITS),
  await readCorpus(aisleSessions(300, 2), NO_LIMITS),
];

function search(seed: number): { readonly best: Tuned; readonly trials: readonly Trial[] } {
  const trials: Trial[] = [];
  const best = tune(shops, DEFAULT_PARAMETERS, {
    trials: 4,
    seed,
    onTrial: (trial) => void trials.push(trial),
  });
  return { best, trials };
}

it('judges the start, then trials that each turn one or two parameters, and answers the best', () => {
  const { best, trials } = search(1);
  expect(trials).toHaveLength(5);
  expect(trials[0]?.parameters).toEqual(DEFAULT_PARAMETERS);
  expect(best.value).toBe(Math.max(...trials.map(({ value }) => value)));
  expect(best.start).toBe(trials[0]?.value);
  for (const { parameters, value } of trials) {
    expect(Parameters.parse(parameters)).toEqual(parameters);
    expect(value).toBeGreaterThan(0);
  }
  expect(new Set(trials.map(({ parameters }) => JSON.stringify(parameters))).size).toBe(5);
});

it('the same seed repeats the search, another one does not', () => {
  expect(search(3)).toEqual(search(3));
  expect(search(4).trials[1]?.parameters).not.toEqual(search(3).trials[1]?.parameters);
});

it('confirms what it found on sessions by which nothing was chosen', () => {
  const { confirmed, start } = search(1).best;
  expect(confirmed.best).toBeGreaterThan(0);
  expect(confirmed.start).not.toBe(start);
});
