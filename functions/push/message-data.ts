import type { Recommendation } from '../../shared/events.ts';

/** Bytes that FCM takes as data: https://firebase.google.com/docs/cloud-messaging/customize-messages/set-message-type */
const MAX_DATA_BYTES = 4096;
/** Characters of a reason: more does not fit on a notification. */
const REASON_LENGTH = 120;

/**
 * What a mobile app is told: which recommendation is new, its first items, and why the first is there, so that it can show
 * something before it reads the document. Strings only; `item_ids` is a JSON array, cut to what fits.
 */
export function messageData(recommendation: Recommendation): Readonly<Record<string, string>> {
  const { recommendation_id, generated_at, source, model_version, experiment } = recommendation;
  const told = {
    type: 'recommendations',
    recommendation_id,
    generated_at,
    source,
    model_version: model_version.slice(0, 128).toWellFormed(),
    reason: recommendation.items[0]?.reason.slice(0, REASON_LENGTH).toWellFormed() ?? '',
    ...(experiment ? { experiment: experiment.name, arm: experiment.arm } : {}),
  };
  const left = MAX_DATA_BYTES - bytesOf(Object.entries(told).flat()) - bytesOf(['item_ids']);
  return { ...told, item_ids: firstThatFit(recommendation.items, left) };
}

/** The first items' ids as a JSON array of so many bytes at most. */
function firstThatFit(items: Recommendation['items'], most: number): string {
  let list = '[]';
  for (const { item_id } of items) {
    const longer = `${list.slice(0, -1)}${list === '[]' ? '' : ','}${JSON.stringify(item_id)}]`;
    if (Buffer.byteLength(longer) > most) break;
    list = longer;
  }
  return list;
}

function bytesOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
