import type { Recommendation } from '../../shared/events.ts';

/** Bytes that FCM takes as data: https://firebase.google.com/docs/cloud-messaging/customize-messages/set-message-type */
const MAX_DATA_BYTES = 4096;
/** Left to the field names and the other fields. */
const RESERVED_BYTES = 1536;
/** Characters of a reason: more does not fit on a notification. */
const REASON_LENGTH = 120;

/**
 * What a mobile app is told: which recommendation is new, its first items, and why the first is there, so that it can show
 * something before it reads the document. Strings only; `item_ids` is a JSON array, cut to what fits.
 */
export function messageData(recommendation: Recommendation): Readonly<Record<string, string>> {
  const { recommendation_id, generated_at, source, model_version, experiment } = recommendation;
  const ids: string[] = [];
  let bytes = 2;
  for (const { item_id } of recommendation.items) {
    bytes += Buffer.byteLength(JSON.stringify(item_id)) + 1;
    if (bytes > MAX_DATA_BYTES - RESERVED_BYTES) break;
    ids.push(item_id);
  }
  return {
    type: 'recommendations',
    recommendation_id,
    generated_at,
    source,
    model_version: model_version.slice(0, 128),
    reason: recommendation.items[0]?.reason.slice(0, REASON_LENGTH) ?? '',
    ...(experiment ? { experiment: experiment.name, arm: experiment.arm } : {}),
    item_ids: JSON.stringify(ids),
  };
}
