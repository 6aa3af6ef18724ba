import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { type EmulatorOptions, listen } from '../emulator.ts';
import { makeFaults } from './faults.ts';
import { faultRoutes } from './routes.ts';
import { strikeHttp } from './strike-http.ts';

const toError = (status: string): Error => new Error(status);

describe('faults', () => {
  test('strike the methods they name, so many times, and leave the others alone', async () => {
    const faults = makeFaults({ toError });
    faults.set([{ methods: ['Commit'], code: 'ABORTED', times: 2 }]);
    expect(await faults.strike('Get')).toBe(false);
    await expect(faults.strike('Commit')).rejects.toThrow('ABORTED');
    await expect(faults.strike('Commit')).rejects.toThrow('ABORTED');
    expect(await faults.strike('Commit')).toBe(false);
  });

  test('strike a share of calls', async () => {
    const draws = [0.1, 0.9, 0.29, 0.3];
    const faults = makeFaults({ toError, random: () => draws.shift() ?? 1 });
    faults.set([{ code: 'UNAVAILABLE', rate: 0.3 }]);
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => faults.strike('Publish')));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
  });

  test('stand side by side: a delay for all, and a lost answer for one', async () => {
    const faults = makeFaults({ toError });
    faults.set([{ latency_ms: 1 }, { methods: ['Commit'], reset: true, times: 1 }]);
    expect(await faults.strike('Commit')).toBe(true);
    expect(await faults.strike('Commit')).toBe(false);
  });

  test('that hang let go when healed', async () => {
    const faults = makeFaults({ toError });
    faults.set([{ hang: true }]);
    const hung = faults.strike('Predict');
    faults.set([]);
    await expect(hung).rejects.toThrow('UNAVAILABLE');
    expect(await faults.strike('Predict')).toBe(false);
  });

  test('disorder what is delivered and stored', () => {
    const faults = makeFaults({ toError, random: () => 0.5 });
    expect([faults.duplicate(), faults.reorder(), faults.badRow()]).toEqual([false, 1, false]);
    faults.set([{ duplicates: 0.6 }, { reorder: 7, bad_rows: 0.4 }]);
    expect([faults.duplicate(), faults.reorder(), faults.badRow()]).toEqual([true, 7, false]);
  });
});

describe('the control of faults', () => {
  const start = async (options: EmulatorOptions = {}) => {
    const faults = makeFaults({ toError });
    const app = new Hono();
    app.onError((error) => Response.json({ error: error.message }, { status: 503 }));
    app.route('/', faultRoutes(faults, ['duplicates']));
    app.use(strikeHttp(faults, ({ req }) => req.method));
    app.get('/thing', (context) => context.json({ carried: 'out' }));
    app.get('/health', (context) => context.json({ status: 'ok' }));
    const listening = await listen(app, options);
    const url = `http://127.0.0.1:${listening.port}`;
    const set = (settings: unknown) =>
      fetch(`${url}/_emulator/faults`, { method: 'POST', body: JSON.stringify(settings) });
    return { url, set, [Symbol.asyncDispose]: listening.close };
  };

  test('takes one fault or several, tells them, and heals', async () => {
    await using emulator = await start();
    const { url, set } = emulator;
    expect((await set({ methods: ['GET'], code: 'UNAVAILABLE' })).status).toBe(200);
    expect((await fetch(`${url}/thing`)).status).toBe(503);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    await set([{ duplicates: 0.1 }, { methods: ['POST'], code: 'INTERNAL' }]);
    expect((await fetch(`${url}/thing`)).status).toBe(200);
    expect(await (await fetch(`${url}/_emulator/faults`)).json()).toEqual({
      faults: [{ duplicates: 0.1 }, { methods: ['POST'], code: 'INTERNAL' }],
      struck: 1,
    });
    await set({});
    expect((await fetch(`${url}/thing`)).status).toBe(200);
  });

  test('breaks connections after the work is done', async () => {
    await using emulator = await start();
    await emulator.set({ reset: true, times: 1 });
    await expect(fetch(`${emulator.url}/thing`)).rejects.toThrow();
    expect(await (await fetch(`${emulator.url}/thing`)).json()).toEqual({ carried: 'out' });
  });

  test.each([
    [{ code: 'TIRED' }, /is like/],
    [{ rate: 2 }, /is like/],
    [{ reorder: 10 }, /This emulator has no "reorder"/],
    ['often', /is like/],
  ])('refuses %j, and says what there is', async (settings, words) => {
    await using emulator = await start();
    const response = await emulator.set(settings);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: { message: string } }).error.message).toMatch(words);
  });
});
