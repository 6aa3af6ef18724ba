import { ConsentDrop, EnrichedEvent, FailedEvent, Recommendation } from '../../shared/events.ts';
import { type FunctionIdentity, makeFailedEvent } from '../../shared/failed-event.ts';
import type { Attributes } from '../../shared/message.ts';
import { FUNCTIONS, subscriptionName, TOPICS, type Topic, topicsOf } from '../../shared/pipeline.ts';
import { asReplayed } from '../../shared/replayed.ts';

/** Attributes Pub/Sub adds: https://cloud.google.com/pubsub/docs/handling-failures#dead_letter_topic */
const SUBSCRIPTION = 'CloudPubSubDeadLetterSourceSubscription';
const DELIVERIES = 'CloudPubSubDeadLetterSourceDeliveryCount';

/** Where a dead letter comes from. */
export interface DeadLetterSource {
  readonly subscription: string;
  readonly deliveries: number;
  /** The function that could not handle it; the subscription's name where that names none. */
  readonly function: string;
  readonly topic: Topic | undefined;
  /** The message's attributes. */
  readonly attributes: Attributes;
}

/**
 * Reads the source from a message's attributes. Our own subscriptions are `<function>--<topic>`, and triggers that deploy adds have that name
 * within Eventarc's; a function's first trigger is Eventarc's own, `eventarc-<region>-<function>-<digits>-sub-<digits>`.
 */
export function sourceOf(attributes: Attributes): DeadLetterSource {
  const subscription = (attributes[SUBSCRIPTION] ?? 'unknown').split('/').at(-1) ?? 'unknown';
  const pairs = FUNCTIONS.flatMap((spec) => topicsOf(spec).map((topic) => ({ spec, topic })));
  const first = /-([a-z]+)-\d+-sub-\d+$/.exec(subscription)?.[1];
  const found =
    pairs.find(({ spec, topic }) => subscription.includes(subscriptionName(spec, topic))) ??
    pairs.find(({ spec, topic }) => {
      const [trigger] = spec.triggers;
      return spec.name === first && trigger.kind === 'topic' && trigger.topic === topic;
    });
  return {
    subscription,
    deliveries: Math.max(1, Number.parseInt(attributes[DELIVERIES] ?? '1', 10) || 1),
    function: found?.spec.name ?? subscription,
    topic: found?.topic,
    attributes,
  };
}

/**
 * The failed event for one event of a dead letter. A failed event that could itself not be stored stays the one it was:
 * its reason says more than that it was late.
 */
export function deadLetterOf(
  payload: unknown,
  source: DeadLetterSource,
  version: string,
  now: number,
): FailedEvent {
  const failed = FailedEvent.safeParse(payload);
  if (failed.success) return { ...failed.data, attempts: source.deliveries };
  const identity: FunctionIdentity = { name: source.function.slice(0, 128), version };
  const message =
    `subscription ${source.subscription} gave up after ${source.deliveries} deliveries; ` +
    `its function's log says why. Replay the event once the cause is mended`;
  const dead = makeFailedEvent(
    identity,
    {
      reason: 'dead_letter',
      message,
      payload,
      replayTopic: source.topic ?? topicByShape(payload),
      attempts: source.deliveries,
      receivedAt: receivedAtOf(payload),
    },
    now,
  );
  return asReplayed(dead, source.attributes);
}

/** The topic on which events of this form travel. */
function topicByShape(payload: unknown): Topic {
  if (EnrichedEvent.safeParse(payload).success) return TOPICS.enriched;
  if (Recommendation.safeParse(payload).success) return TOPICS.recommendations;
  return ConsentDrop.safeParse(payload).success ? TOPICS.consentDrops : TOPICS.raw;
}

function receivedAtOf(payload: unknown): string | undefined {
  const event = payload as { received_at?: unknown; collector?: { received_at?: unknown } } | null;
  const time = event?.received_at ?? event?.collector?.received_at;
  return typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? time : undefined;
}
