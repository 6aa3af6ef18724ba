import { expect, test } from 'vitest';
import type { Prediction } from '../protocol.ts';
import { NOW, recordOf } from './fixtures.ts';
import { makeTrial } from './trial.ts';

const answer = (
  model_version: string,
  items: Prediction['items'] = [{ item_id: 'hat', score: 1, reason: { kind: 'popular' } }],
): Prediction => ({
  model_version,
  source: 'model',
  items,
});

/** A trial of `new`, the n-th call answered by the n-th answer, then from the start again. */
async function trialOf(answers: readonly (Prediction | Error)[]) {
  const asked: string[] = [];
  const tryOut = makeTrial({
    async predict(_endpoint, [instance]) {
      const next = answers[asked.length % answers.length];
      asked.push(instance?.items[0]?.item_id ?? '');
      if (next instanceof Error) throw next;
      return next ? [next] : [];
    },
    clock: () => NOW,
    answers: 3,
    calls: 20,
    failures: 2,
  });
  return { ...(await tryOut('endpoint', recordOf('new'))), asked };
}

test('passes once the canary has answered often enough, whoever else answers', async () => {
  const { passes, asked } = await trialOf([answer('live'), answer('new'), new Error('busy'), answer('new')]);
  expect(passes).toBe(true);
  expect(asked).toEqual(['hat', 'shoe', 'hat', 'shoe', 'hat', 'shoe']);
});

test.each<[string, readonly (Prediction | Error)[], RegExp]>([
  ['it never answers', [answer('live')], /answered 0 of 20 calls, 3 were waited for/],
  ['calls fail', [new Error('deadline exceeded'), answer('new')], /3 of 5 calls failed: deadline exceeded/],
  ['its lists are empty', [answer('new', [])], /empty list/],
])('fails where %s', async (_what, answers, message) => {
  const { passes, report } = await trialOf(answers);
  expect(passes).toBe(false);
  expect(report.join()).toMatch(message);
});
