import { describe, expect, test } from 'vitest';
import { FailedEvent } from './events.ts';
import { makeFailedEvent } from './failed-event.ts';
import { LIMITS } from './limits.ts';
import { TOPICS } from './pipeline.ts';
import { asReplayed, replayAttributes, replayedBy } from './replayed.ts';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const identity = { name: 'enrich', version: 'v1' };
const failedWith = (payload: unknown): FailedEvent =>
  makeFailedEvent(
    identity,
    { reason: 'invalid_event', message: 'value: expected number', payload, replayTopic: TOPICS.raw },
    NOW,
  );

describe('makeFailedEvent', () => {
  test('keeps the payload whole as long as a message can carry it', () => {
    const payload = { event_id: 'e', text: 'x'.repeat(100_000) };
    const failed = failedWith(payload);
    expect(JSON.parse(failed.payload)).toEqual(payload);
    expect(failed).toMatchObject({ event_id: 'e', payload_truncated: false, attempts: 1 });
    expect(FailedEvent.parse(failed)).toEqual(failed);
  });

  test.each([
    ['plain text', 'x'.repeat(1_000_000)],
    ['quotes, each two bytes once quoted', '"'.repeat(200_000)],
    ['control characters, each six bytes', '\u0001'.repeat(100_000)],
    ['characters of three bytes', '€'.repeat(200_000)],
    ['halves of characters', '\ud800'.repeat(100_000)],
  ])('cuts %s so that a message can carry it', (_name, payload) => {
    const failed = failedWith(payload);
    const bytes = Buffer.byteLength(JSON.stringify(failed.payload));
    expect(bytes).toBeLessThanOrEqual(LIMITS.failedPayloadBytes);
    expect(bytes).toBeGreaterThan(LIMITS.failedPayloadBytes * 0.99);
    expect(payload.startsWith(failed.payload)).toBe(true);
    expect(failed.payload_truncated).toBe(true);
  });

  test('equal failures have equal ids, however long the payload', () => {
    const long = 'x'.repeat(1_000_000);
    expect(failedWith(`${long}a`).failed_id).toBe(failedWith(`${long}a`).failed_id);
    expect(failedWith(`${long}a`).failed_id).not.toBe(failedWith(`${long}b`).failed_id);
  });
});

describe('asReplayed', () => {
  const failed = failedWith({ event_id: 'e' });

  test('leaves a first failure as it is', () => {
    expect(replayedBy({ traceparent: 'x' })).toBeUndefined();
    expect(asReplayed(failed, {})).toBe(failed);
  });

  test('a failure in a replay has an id of its own, the same when it is delivered again', () => {
    const attributes = replayAttributes({ replayId: 'run', replayOf: 'first', attempts: 4 });
    const again = asReplayed(failed, attributes);
    expect(again).toEqual({
      ...failed,
      failed_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      replay_id: 'run',
      replay_of: 'first',
      attempts: 5,
    });
    expect(again.failed_id).not.toBe(failed.failed_id);
    expect(asReplayed(failed, attributes)).toEqual(again);
  });
});
