import { beforeEach, describe, expect, test } from 'vitest';
import { TransientError } from '../../shared/errors.ts';
import { type CircuitBreaker, makeCircuitBreaker } from './circuit-breaker.ts';

describe('the circuit breaker', () => {
  let now: number;
  let calls: number;
  let breaker: CircuitBreaker;

  const succeed = () =>
    breaker.run(async () => {
      calls += 1;
      return 'answer';
    });
  const failure = new Error('down');
  const fail = () =>
    breaker.run(async () => {
      calls += 1;
      throw failure;
    });
  const failTimes = async (times: number): Promise<void> => {
    for (let done = 0; done < times; done += 1) await expect(fail()).rejects.toBe(failure);
  };

  beforeEach(() => {
    now = 0;
    calls = 0;
    breaker = makeCircuitBreaker({ failures: 3, openMs: 1000, clock: () => now });
  });

  test('hands on what the call answered or threw', async () => {
    expect(await succeed()).toBe('answer');
    await expect(fail()).rejects.toBe(failure);
  });

  test('only failures in a row open it', async () => {
    await failTimes(2);
    await succeed();
    await failTimes(2);
    expect(await succeed()).toBe('answer');
  });

  test('open, it refuses at once without calling', async () => {
    await failTimes(3);
    now = 999;
    await expect(succeed()).rejects.toThrow(TransientError);
    expect(calls).toBe(3);
  });

  test('after its time a probe that succeeds closes it', async () => {
    await failTimes(3);
    now = 1000;
    expect(await succeed()).toBe('answer');
    await failTimes(2);
    expect(await succeed()).toBe('answer');
  });

  test('a probe that fails opens it for as long again', async () => {
    await failTimes(3);
    now = 1000;
    await failTimes(1);
    now = 1999;
    await expect(succeed()).rejects.toThrow(TransientError);
    now = 2000;
    expect(await succeed()).toBe('answer');
  });

  test('one call probes at a time', async () => {
    await failTimes(3);
    now = 1000;
    const { promise, resolve } = Promise.withResolvers<string>();
    const probe = breaker.run(() => promise);
    await expect(succeed()).rejects.toThrow(TransientError);
    resolve('back');
    expect(await probe).toBe('back');
    expect(await succeed()).toBe('answer');
  });
});
