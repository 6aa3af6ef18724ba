import {
  bucketName,
  FUNCTIONS,
  type FunctionSpec,
  subscriptionName,
  type Topic,
  type Trigger,
} from '../../../shared/pipeline.ts';
import { type Command, gcloud, type Word, withOutput } from '../command.ts';
import type { Phase, Step } from '../step.ts';
import { pubsubAgent, serviceAccount, type Target } from '../target.ts';

/** Seconds that Pub/Sub may wait for an answer. */
const LEAST_ACK_SECONDS = 10;
const MOST_ACK_SECONDS = 600;

type EventTrigger = Exclude<Trigger, { readonly kind: 'http' }>;

/** A trigger of a function that is none of HTTP. */
interface Delivery {
  readonly spec: FunctionSpec;
  readonly trigger: EventTrigger;
  /** Whether gcloud made it with the function. */
  readonly own: boolean;
}

/**
 * The triggers beside each function's first, then how every one redelivers: Eventarc makes the subscription, with neither
 * back-off nor dead letters.
 */
export function triggerPhases(target: Target): readonly Phase[] {
  const deliveries = FUNCTIONS.flatMap((spec) =>
    spec.triggers.flatMap((trigger, index): Delivery[] =>
      trigger.kind === 'http' ? [] : [{ spec, trigger, own: index === 0 }],
    ),
  );
  return [
    {
      title: 'further triggers',
      steps: deliveries.filter(({ own }) => !own).map((delivery) => triggerStep(target, delivery)),
      parallel: 4,
    },
    {
      title: 'redelivery and dead letters',
      steps: deliveries.map((delivery) => policyStep(target, delivery)),
      parallel: 4,
    },
  ];
}

function triggerStep(target: Target, { spec, trigger }: Delivery): Step {
  const name = triggerName(spec, trigger);
  const where = [`--location=${target.region}`, `--project=${target.project}`];
  return {
    name: `trigger ${name}`,
    exists: gcloud('eventarc', 'triggers', 'describe', name, '--format=value(name)', ...where),
    create: [
      gcloud(
        'eventarc',
        'triggers',
        'create',
        name,
        `--destination-run-service=${spec.name}`,
        `--destination-run-region=${target.region}`,
        ...eventFilters(target, trigger),
        `--service-account=${serviceAccount(target, 'trigger')}`,
        ...where,
      ),
    ],
    destroy: [gcloud('eventarc', 'triggers', 'delete', name, '--quiet', ...where)],
  };
}

function eventFilters({ project }: Target, trigger: EventTrigger): readonly string[] {
  return trigger.kind === 'topic'
    ? [
        '--event-filters=type=google.cloud.pubsub.topic.v1.messagePublished',
        `--transport-topic=projects/${project}/topics/${trigger.topic}`,
      ]
    : [
        '--event-filters=type=google.cloud.storage.object.v1.finalized',
        `--event-filters=bucket=${bucketName(project, trigger.bucket)}`,
      ];
}

function policyStep(target: Target, delivery: Delivery): Step {
  const { spec, trigger } = delivery;
  const { minBackoffSeconds, maxBackoffSeconds, maxDeliveryAttempts, deadLetterTopic } = spec.delivery;
  const subscription = withOutput('', describeSubscription(target, delivery));
  const last = trigger.kind === 'topic' && isLastStop(spec, trigger.topic);
  const project = `--project=${target.project}`;
  return {
    name: `delivery of ${sourceOf(trigger)} to ${spec.name}`,
    create: [
      gcloud(
        'pubsub',
        'subscriptions',
        'update',
        subscription,
        `--ack-deadline=${acknowledgeSeconds(spec)}`,
        `--min-retry-delay=${minBackoffSeconds}s`,
        `--max-retry-delay=${maxBackoffSeconds}s`,
        '--message-retention-duration=7d',
        '--expiration-period=never',
        ...(last
          ? []
          : [
              `--dead-letter-topic=projects/${target.project}/topics/${deadLetterTopic}`,
              `--max-delivery-attempts=${maxDeliveryAttempts}`,
            ]),
        project,
      ),
      ...(last ? [] : [allowForwarding(target, subscription)]),
    ],
  };
}

/** How long Pub/Sub waits for a function's answer. */
export function acknowledgeSeconds({ timeoutSeconds }: FunctionSpec): number {
  return Math.min(MOST_ACK_SECONDS, Math.max(LEAST_ACK_SECONDS, timeoutSeconds));
}

/** A dead letter that cannot be stored has nowhere else to go: it stays and is tried again. */
export function isLastStop({ delivery }: FunctionSpec, topic: Topic): boolean {
  return topic === delivery.deadLetterTopic;
}

/** Pub/Sub acknowledges a message that it has put on the dead-letter topic by its own account. */
function allowForwarding(target: Target, subscription: Word): Command {
  return gcloud(
    'pubsub',
    'subscriptions',
    'add-iam-policy-binding',
    subscription,
    pubsubAgent(target, '--member='),
    '--role=roles/pubsub.subscriber',
    '--format=none',
    `--project=${target.project}`,
  );
}

/** Prints the name of the subscription that Eventarc made for a trigger. */
function describeSubscription(target: Target, { spec, trigger, own }: Delivery): Command {
  const where = [`--project=${target.project}`];
  const name: Word = own
    ? withOutput(
        '',
        gcloud(
          'functions',
          'describe',
          spec.name,
          '--gen2',
          `--region=${target.region}`,
          '--format=value(eventTrigger.trigger)',
          ...where,
        ),
      )
    : triggerName(spec, trigger);
  return gcloud(
    'eventarc',
    'triggers',
    'describe',
    name,
    `--location=${target.region}`,
    '--format=value(transport.pubsub.subscription)',
    ...where,
  );
}

function triggerName(spec: FunctionSpec, trigger: EventTrigger): string {
  return subscriptionName(spec, sourceOf(trigger) as Topic);
}

function sourceOf(trigger: EventTrigger): string {
  return trigger.kind === 'topic' ? trigger.topic : trigger.bucket;
}
