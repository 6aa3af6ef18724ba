import { messageOf } from '../../shared/errors.ts';
import type { Logger } from '../../shared/log.ts';
import type { Device, Devices } from './update-screens.ts';

/** What a device is told. */
export interface DeviceMessage {
  readonly device: Device;
  /** Strings only, 4,096 bytes at most. */
  readonly data: Readonly<Record<string, string>>;
}

/** What FCM said of one message. */
export type SendResult =
  | { readonly kind: 'sent' }
  /** The token will never work again. */
  | { readonly kind: 'dead' }
  | { readonly kind: 'retry'; readonly afterMs?: number; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

/** Hands messages over to devices; one result per message, in order. */
export interface MessageSender {
  /** At most `MAX_SEND` messages. */
  send(messages: readonly DeviceMessage[]): Promise<readonly SendResult[]>;
}

/** Messages of one bulk request. */
export const MAX_SEND = 500;

export interface SendMessagesOptions {
  readonly sender: MessageSender;
  readonly devices: Pick<Devices, 'remove'>;
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly maxAttempts: number;
  readonly minBackoffMs: number;
  /** When sending ends, whatever is left. Milliseconds. */
  readonly deadlineMs: number;
}

export interface SendSummary {
  readonly sent: number;
  /** Given up. */
  readonly failed: number;
  /** Registrations removed. */
  readonly removed: number;
}

/**
 * Sends messages, best effort: what FCM refuses for now is tried again with exponential backoff and full jitter, within
 * bounds, then given up. Never rejects: the screens are written, and a redelivery would send nothing anyway.
 */
export function makeSendMessages(options: SendMessagesOptions) {
  const { sender, devices, clock, sleep, random, maxAttempts, minBackoffMs, deadlineMs } = options;

  const attempt = async (
    messages: readonly DeviceMessage[],
    left: number,
  ): Promise<readonly SendResult[]> => {
    const timeUp = new AbortController();
    const late = messages.map((): SendResult => ({ kind: 'failed', message: 'FCM did not answer in time' }));
    try {
      return await Promise.race([sender.send(messages), sleepUnless(timeUp.signal, left).then(() => late)]);
    } catch (error) {
      return messages.map(() => ({ kind: 'retry', message: messageOf(error) }));
    } finally {
      timeUp.abort();
    }
  };

  return async (messages: readonly DeviceMessage[], log: Logger): Promise<SendSummary> => {
    const end = clock() + deadlineMs;
    const dead: Device[] = [];
    let sent = 0;
    let lastProblem = '';
    let open = messages;
    for (let round = 1; open.length > 0; round += 1) {
      const again: DeviceMessage[] = [];
      let wait = random() * minBackoffMs * 2 ** (round - 1);
      for (const chunk of chunksOf(open, MAX_SEND)) {
        const results = await attempt(chunk, Math.max(0, end - clock()));
        results.forEach((result, index) => {
          const message = chunk[index];
          if (!message) return;
          if (result.kind === 'sent') sent += 1;
          else if (result.kind === 'dead') dead.push(message.device);
          else lastProblem = result.message;
          if (result.kind !== 'retry') return;
          again.push(message);
          wait = Math.max(wait, result.afterMs ?? 0);
        });
      }
      if (round >= maxAttempts || clock() + wait >= end) break;
      open = again;
      if (open.length > 0) await sleep(wait);
    }
    const removed = await removeDead(devices, dead, log);
    const failed = messages.length - sent - dead.length;
    if (failed > 0) log.warn(`${failed} of ${messages.length} push messages were given up: ${lastProblem}`);
    return { sent, failed, removed };
  };
}

async function removeDead(
  devices: Pick<Devices, 'remove'>,
  dead: readonly Device[],
  log: Logger,
): Promise<number> {
  if (dead.length === 0) return 0;
  try {
    await devices.remove(dead);
    return dead.length;
  } catch (error) {
    log.warn(`${dead.length} dead registrations could not be removed: ${messageOf(error)}`, { error });
    return 0;
  }
}

function chunksOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}

function sleepUnless(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
