import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { silentLogger } from '../../shared/log.ts';
import { endInOrder } from './termination.ts';

/** A process that can be signalled. */
function fakeHost() {
  const emitter = new EventEmitter();
  return Object.assign(emitter, { exit: vi.fn() });
}

test('finishes once on the first signal, then exits', async () => {
  const host = fakeHost();
  let finish = (): void => undefined;
  const finishing = vi.fn(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  endInOrder(finishing, { limitMs: 10_000, log: silentLogger, host });
  host.emit('SIGTERM');
  host.emit('SIGINT');
  expect(finishing).toHaveBeenCalledTimes(1);
  expect(host.exit).not.toHaveBeenCalled();
  finish();
  await expect.poll(() => host.exit.mock.calls).toEqual([[0]]);
});

test.each([
  { name: 'takes too long', finish: () => new Promise<void>(() => undefined) },
  { name: 'fails', finish: () => Promise.reject(new Error('no')) },
])('exits also where finishing $name', async ({ finish }) => {
  const host = fakeHost();
  endInOrder(finish, { limitMs: 10, log: silentLogger, host });
  host.emit('SIGTERM');
  await expect.poll(() => host.exit.mock.calls.length).toBe(1);
});

test('removes handlers that a framework adds later, and only those', async () => {
  const host = fakeHost();
  endInOrder(async () => undefined, { limitMs: 10, log: silentLogger, host });
  const framework = vi.fn();
  const other = vi.fn();
  host.on('SIGTERM', framework);
  host.on('exit', other);
  await Promise.resolve();
  expect(host.listeners('SIGTERM')).not.toContain(framework);
  expect(host.listenerCount('SIGTERM')).toBe(1);
  expect(host.listeners('exit')).toContain(other);
});
