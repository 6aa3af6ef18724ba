import type { Plain } from '../protos.ts';
import { type Filter, parseFilter } from './filter/filter.ts';
import { checkedName } from './names.ts';
import { CODE, invalid, PubSubError } from './pubsub-error.ts';
import { boundedMillis } from './well-known.ts';

/** Where and how messages are pushed. */
export interface PushTarget {
  readonly endpoint: string;
  /** `wrapped`: as JSON with id and attributes; `raw`: the payload alone; `raw-with-metadata`: the rest as headers. */
  readonly form: 'wrapped' | 'raw' | 'raw-with-metadata';
  readonly oidc: { readonly email: string; readonly audience: string } | undefined;
}

/** How a subscription delivers, as its settings have it; durations in milliseconds. */
export interface SubscriptionPolicy {
  readonly ackDeadlineMs: number;
  readonly retentionMs: number;
  readonly retainAcked: boolean;
  readonly ordered: boolean;
  readonly exactlyOnce: boolean;
  readonly filter: Filter | undefined;
  readonly deadLetter: { readonly topic: string; readonly maxAttempts: number } | undefined;
  readonly retry: { readonly minMs: number; readonly maxMs: number } | undefined;
  readonly push: PushTarget | undefined;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DEFAULT_ACK_DEADLINE_SECONDS = 10;
const MAX_ACK_DEADLINE_SECONDS = 600;

/** Settings that would change what is delivered where, and that this emulator does not know. */
const UNSERVED = ['bigqueryConfig', 'cloudStorageConfig', 'bigtableConfig', 'messageTransforms'] as const;

/**
 * Reads a subscription's settings.
 * https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions
 * @throws PubSubError INVALID_ARGUMENT, OUT_OF_RANGE or UNIMPLEMENTED, and names the field
 */
export function policyOf(subscription: Plain): SubscriptionPolicy {
  for (const field of UNSERVED) {
    const value = subscription[field];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    throw new PubSubError(CODE.UNIMPLEMENTED, `${field} is not served by this emulator.`);
  }
  const ackDeadlineSeconds = Number(subscription.ackDeadlineSeconds ?? 0) || DEFAULT_ACK_DEADLINE_SECONDS;
  if (ackDeadlineSeconds < 0 || ackDeadlineSeconds > MAX_ACK_DEADLINE_SECONDS)
    throw invalid('ack_deadline_secs out of bounds');
  const filter = String(subscription.filter ?? '');
  return {
    ackDeadlineMs: ackDeadlineSeconds * 1000,
    retentionMs: boundedMillis('message_retention_duration', subscription.messageRetentionDuration, {
      least: 10 * MINUTE,
      most: 31 * DAY,
      otherwise: 7 * DAY,
    }),
    retainAcked: subscription.retainAckedMessages === true,
    ordered: subscription.enableMessageOrdering === true,
    exactlyOnce: subscription.enableExactlyOnceDelivery === true,
    filter: filter === '' ? undefined : parseFilter(filter),
    deadLetter: deadLetterOf(subscription.deadLetterPolicy as Plain | undefined),
    retry: retryOf(subscription.retryPolicy as Plain | undefined),
    push: pushOf(subscription.pushConfig as Plain | undefined),
  };
}

function deadLetterOf(policy: Plain | undefined): SubscriptionPolicy['deadLetter'] {
  if (!policy?.deadLetterTopic) return undefined;
  const maxAttempts = Number(policy.maxDeliveryAttempts ?? 0) || 5;
  if (maxAttempts < 5 || maxAttempts > 100) {
    const [size, bound] =
      maxAttempts < 5 ? ['small', 'minimum value is 5'] : ['large', 'maximum value is 100'];
    const message = `The value for max_delivery_attempts is too ${size}. You passed ${maxAttempts} in the request, but the ${bound}.`;
    throw new PubSubError(CODE.OUT_OF_RANGE, message);
  }
  return { topic: checkedName('topics', policy.deadLetterTopic), maxAttempts };
}

function retryOf(policy: Plain | undefined): SubscriptionPolicy['retry'] {
  if (!policy) return undefined;
  const bounds = { least: 0, most: 10 * MINUTE };
  const minMs = boundedMillis('retry_policy.minimum_backoff', policy.minimumBackoff, {
    ...bounds,
    otherwise: 10_000,
  });
  const maxMs = boundedMillis('retry_policy.maximum_backoff', policy.maximumBackoff, {
    ...bounds,
    otherwise: 10 * MINUTE,
  });
  if (minMs > maxMs) throw invalid('retry_policy.minimum_backoff exceeds retry_policy.maximum_backoff');
  return { minMs, maxMs };
}

function pushOf(config: Plain | undefined): PushTarget | undefined {
  const endpoint = String(config?.pushEndpoint ?? '');
  if (!config || endpoint === '') return undefined;
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''))
    throw invalid(`Unsupported push_endpoint "${endpoint}"; it is an http or https address.`);
  const noWrapper = config.noWrapper as Plain | undefined;
  const token = config.oidcToken as Plain | undefined;
  return {
    endpoint,
    form: !noWrapper ? 'wrapped' : noWrapper.writeMetadata === true ? 'raw-with-metadata' : 'raw',
    oidc: token && {
      email: String(token.serviceAccountEmail ?? ''),
      audience: String(token.audience || endpoint),
    },
  };
}
