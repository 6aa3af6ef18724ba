import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../shared/log.ts';
import { device, makeMemoryDevices } from './fixtures.ts';
import { type DeviceMessage, makeSendMessages, type SendResult } from './send-messages.ts';

/** Plays FCM: each token's results in turn, the last one for ever. */
function play(script: Readonly<Record<string, readonly SendResult[]>>) {
  const devices = makeMemoryDevices();
  const calls: number[] = [];
  const waits: number[] = [];
  const turn = new Map<string, number>();
  let now = 0;
  const send = makeSendMessages({
    sender: {
      async send(messages) {
        calls.push(messages.length);
        return messages.map(({ device: { token } }) => {
          const index = turn.get(token) ?? 0;
          turn.set(token, index + 1);
          const results = script[token] ?? [{ kind: 'sent' }];
          return results[Math.min(index, results.length - 1)] ?? { kind: 'sent' };
        });
      },
    },
    devices,
    clock: () => now,
    sleep: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    random: () => 0.5,
    maxAttempts: 4,
    minBackoffMs: 100,
    deadlineMs: 10_000,
  });
  return { send, calls, waits, devices };
}

const messageTo = (token: string): DeviceMessage => ({ device: device('ada', token), data: { type: 'x' } });
const busy: SendResult = { kind: 'retry', message: 'busy' };

describe('sending messages', () => {
  it('goes in bulks of 500', async () => {
    const { send, calls } = play({});
    const messages = Array.from({ length: 1100 }, (_, index) => messageTo(`t${index}`));
    expect(await send(messages, silentLogger)).toEqual({ sent: 1100, failed: 0, removed: 0 });
    expect(calls).toEqual([500, 500, 100]);
  });

  it('tries again only what was refused for now, with growing waits', async () => {
    const { send, calls, waits } = play({ slow: [busy, busy, { kind: 'sent' }] });
    const summary = await send([messageTo('fine'), messageTo('slow')], silentLogger);
    expect(summary).toEqual({ sent: 2, failed: 0, removed: 0 });
    expect(calls).toEqual([2, 1, 1]);
    expect(waits).toEqual([50, 100]);
  });

  it('waits as long as FCM asks', async () => {
    const { send, waits } = play({ slow: [{ ...busy, afterMs: 3000 }, { kind: 'sent' }] });
    await send([messageTo('slow')], silentLogger);
    expect(waits).toEqual([3000]);
  });

  it.each([
    ['after the last attempt', { t: [busy] }, 4],
    ['at once, where trying again cannot help', { t: [{ kind: 'failed', message: 'no' }] }, 1],
    ['where FCM asks for longer than the deadline', { t: [{ ...busy, afterMs: 60_000 }] }, 1],
  ] as const)('gives up %s', async (_case, script, attempts) => {
    const { send, calls } = play(script);
    expect(await send([messageTo('t')], silentLogger)).toEqual({ sent: 0, failed: 1, removed: 0 });
    expect(calls).toHaveLength(attempts);
  });

  it('removes dead registrations', async () => {
    const { send, devices } = play({ gone: [{ kind: 'dead' }] });
    const summary = await send([messageTo('gone'), messageTo('fine')], silentLogger);
    expect(summary).toEqual({ sent: 1, failed: 0, removed: 1 });
    expect(devices.removed).toEqual([device('ada', 'gone')]);
  });

  const options = {
    devices: makeMemoryDevices(),
    clock: () => 0,
    sleep: async () => undefined,
    random: () => 0,
    maxAttempts: 2,
    minBackoffMs: 1,
    deadlineMs: 5,
  };
  it.each([
    ['rejects', () => Promise.reject(new Error('no network'))],
    ['never answers', () => new Promise<never>(() => undefined)],
  ])('does not reject when FCM %s', async (_case, act) => {
    const send = makeSendMessages({ ...options, sender: { send: act } });
    expect(await send([messageTo('t')], silentLogger)).toEqual({ sent: 0, failed: 1, removed: 0 });
  });

  it('does not reject when dead registrations cannot be removed', async () => {
    const remove = () => Promise.reject(new Error('down'));
    const sender = { send: async (): Promise<SendResult[]> => [{ kind: 'dead' }] };
    const send = makeSendMessages({ ...options, sender, devices: { remove } });
    expect(await send([messageTo('t')], silentLogger)).toEqual({ sent: 0, failed: 0, removed: 0 });
  });
});
