import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FaultSettings } from './fault.ts';
import { makeFaults } from './faults.ts';
import { faultRoutes } from './routes.ts';

const toError = (status: string): Error => new Error(status);

test('the control takes or refuses whatever it is sent, in words, and never breaks', async () => {
  const faults = makeFaults({ toError });
  const app = faultRoutes(faults, ['duplicates', 'reorder', 'bad_rows']);
  const words = fc.constantFrom(
    'methods',
    'rate',
    'times',
    'code',
    'hang',
    'reset',
    'duplicates',
    'latency_ms',
  );
  const values = fc.oneof(fc.constantFrom('UNAVAILABLE', ['Publish'], 0.5, 1, true), fc.jsonValue());
  const bodies = fc.oneof(
    fc.json(),
    fc.string(),
    fc.dictionary(words, values).map((body) => JSON.stringify(body)),
  );
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const response = await app.request('/_emulator/faults', { method: 'POST', body });
      const answer = (await response.json()) as {
        readonly faults?: unknown;
        readonly error?: { message: string };
      };
      if (response.status === 200) expect(FaultSettings.parse(answer.faults)).toEqual(faults.settings);
      else
        expect([response.status, answer.error?.message]).toEqual([400, expect.stringContaining('{} heals')]);
    }),
    { numRuns: 300 },
  );
});
