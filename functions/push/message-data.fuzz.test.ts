import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Recommendation } from '../../shared/events.ts';
import { recommendation } from './fixtures.ts';
import { messageData } from './message-data.ts';

/** What FCM takes: https://firebase.google.com/docs/cloud-messaging/customize-messages/set-message-type */
const MAX_BYTES = 4096;

const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 128 });
const wide = fc.constantFrom('😀'.repeat(64), '商'.repeat(128), '\u0000'.repeat(128), '"'.repeat(128));
const anyId = fc.oneof(id, wide);

test('whatever a recommendation holds, its message is of texts alone, fits, and lists its first items', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ item_id: anyId, reason: fc.oneof(id, wide) }), { minLength: 1, maxLength: 50 }),
      anyId,
      fc.option(fc.record({ name: anyId, arm: anyId }), { nil: undefined }),
      (items, model_version, experiment) => {
        const made = Recommendation.parse(
          recommendation('ada', -1000, {
            items: items.map((item) => ({ ...item, score: 1 })),
            model_version,
            recommendation_id: model_version,
            ...(experiment ? { experiment } : {}),
          }),
        );
        const data = messageData(made);
        const texts = Object.entries(data).flat();
        expect(texts.every((text) => typeof text === 'string' && text.isWellFormed())).toBe(true);
        const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
        expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
        const ids = JSON.parse(data.item_ids ?? '') as readonly string[];
        expect(ids).toEqual(made.items.slice(0, ids.length).map(({ item_id }) => item_id));
      },
    ),
  );
});

test('each text as long as can be: the message fits, and the list with it', () => {
  const longest = '商'.repeat(128);
  const made = Recommendation.parse(
    recommendation('ada', -1000, {
      items: Array.from({ length: 50 }, () => ({
        item_id: '😀'.repeat(64),
        reason: '😀'.repeat(64),
        score: 1,
      })),
      model_version: longest,
      recommendation_id: longest,
      experiment: { name: longest, arm: longest },
    }),
  );
  const data = messageData(made);
  const bytes = Buffer.byteLength(Object.entries(data).flat().join(''));
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
  expect(bytes).toBeGreaterThan(MAX_BYTES - 300);
});
