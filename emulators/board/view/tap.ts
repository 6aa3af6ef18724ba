import type { Message, PubSub, Subscription } from '@google-cloud/pubsub';
import { messageOf } from '../../../shared/errors.ts';
import { TOPICS, type Topic } from '../../../shared/pipeline.ts';
import type { SeenMessage } from './trails.ts';

/** Listens along on topics while somebody watches; otherwise it costs nothing. */
export interface Tap {
  open(): void;
  close(): Promise<void>;
}

export interface TapOptions {
  readonly pubsub: PubSub;
  readonly onMessage: (message: SeenMessage) => void;
  readonly onTrouble: (message: string) => void;
}

/** Where an event, or what was made of it, goes by. */
const TAPPED: readonly Topic[] = [
  TOPICS.inbox,
  TOPICS.raw,
  TOPICS.enriched,
  TOPICS.recommendations,
  TOPICS.failed,
  TOPICS.consentDrops,
];

/** A subscription of its own for each topic, made when the tap opens and deleted when it closes. */
export function makeTap({ pubsub, onMessage, onTrouble }: TapOptions): Tap {
  let opened: readonly Subscription[] = [];
  /** One opening or closing at a time, in the order they were asked for. */
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work).catch((error: unknown) => {
      onTrouble(`not every topic can be listened to: ${messageOf(error)}`);
    });
    return turn;
  };
  return {
    open() {
      void inTurn(async () => {
        if (opened.length > 0) return;
        const outcomes = await Promise.allSettled(
          TAPPED.map((topic) => listen({ pubsub, onMessage, onTrouble }, topic)),
        );
        opened = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
        const refusal = outcomes.find((outcome) => outcome.status === 'rejected');
        if (refusal) throw refusal.reason;
      });
    },
    close: () =>
      inTurn(async () => {
        const open = opened;
        opened = [];
        await Promise.all(open.map(end));
      }),
  };
}

async function listen({ pubsub, onMessage, onTrouble }: TapOptions, topic: Topic): Promise<Subscription> {
  const name = `view--${topic}`;
  // One that a killed view left behind holds messages nobody waits for.
  await pubsub
    .subscription(name)
    .delete()
    .catch(() => undefined);
  const [subscription] = await pubsub.topic(topic).createSubscription(name);
  subscription.on('message', (message: Message) => {
    message.ack();
    const { id, data, attributes, publishTime } = message;
    onMessage({ topic, id, data, attributes, publishedAt: publishTime.getTime() });
  });
  subscription.on('error', (error) => onTrouble(`${topic} is listened to no longer: ${messageOf(error)}`));
  return subscription;
}

async function end(subscription: Subscription): Promise<void> {
  await subscription.close();
  await subscription.delete().catch(() => undefined);
}
