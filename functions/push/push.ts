import type { BatchContext, BatchResult } from '../../shared/batch-function.ts';
import type { Recommendation } from '../../shared/events.ts';
import { makeGroupCommit } from '../../shared/group-commit.ts';
import type { Logger } from '../../shared/log.ts';
import { messageData } from './message-data.ts';
import type { DeviceMessage, SendSummary } from './send-messages.ts';
import { type Outcome, REFRESH } from './update-screens.ts';

export interface PushOptions {
  /** Puts recommendations on screens; one outcome each, in order. */
  readonly updateScreens: (recommendations: readonly Recommendation[]) => Promise<readonly Outcome[]>;
  /** Sends messages, best effort; never rejects. */
  readonly sendMessages: (messages: readonly DeviceMessage[], log: Logger) => Promise<SendSummary>;
  /** Visitors of one round of reads and writes. */
  readonly maxGroup: number;
  /** Rounds at the same time. */
  readonly concurrency: number;
}

/**
 * The core of push: recommendations to screens, then a message to each visitor's devices. Batches that arrive while
 * a write is under way share the next one, so that a visitor who clicks quickly costs one write and not several.
 */
export function makePush({ updateScreens, sendMessages, maxGroup, concurrency }: PushOptions) {
  const screens = makeGroupCommit<Recommendation, Outcome>({
    maxItems: maxGroup,
    maxBytes: Number.POSITIVE_INFINITY,
    concurrency,
    sizeOf: () => 1,
    commit: updateScreens,
  });

  return async (recommendations: readonly Recommendation[], context: BatchContext): Promise<BatchResult> => {
    const outcomes = await screens.add(recommendations);
    const messages: DeviceMessage[] = [];
    const endToEnd: number[] = [];
    let out = 0;
    outcomes.forEach((outcome, index) => {
      const recommendation = recommendations[index];
      if (!recommendation || outcome.kind === 'stale') return;
      out += 1;
      const { trigger } = recommendation;
      if (trigger.event_name !== REFRESH)
        endToEnd.push(Math.max(0, outcome.writtenAt - Date.parse(trigger.received_at)));
      if (outcome.devices.length === 0) return;
      const data = messageData(recommendation);
      for (const device of outcome.devices) messages.push({ device, data });
    });
    const summary = messages.length === 0 ? NOBODY : await sendMessages(messages, context.log);
    return {
      out,
      metrics: {
        skipped_stale: recommendations.length - out,
        end_to_end_ms: endToEnd,
        notified: summary.sent,
        notify_failed: summary.failed,
        tokens_removed: summary.removed,
      },
    };
  };
}

const NOBODY: SendSummary = { sent: 0, failed: 0, removed: 0 };
