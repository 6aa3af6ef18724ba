import { describe, expect, it } from 'vitest';
import type { Recommendation } from '../../shared/events.ts';
import { context, device, NOW, recommendation } from './fixtures.ts';
import { messageData } from './message-data.ts';
import { makePush } from './push.ts';
import type { DeviceMessage } from './send-messages.ts';
import type { Outcome } from './update-screens.ts';

function setUp(outcomeOf: (each: Recommendation) => Outcome) {
  const rounds: string[][] = [];
  const messages: DeviceMessage[] = [];
  const push = makePush({
    async updateScreens(recommendations) {
      rounds.push(recommendations.map(({ visitor_id }) => visitor_id));
      return recommendations.map(outcomeOf);
    },
    async sendMessages(sent) {
      messages.push(...sent);
      return { sent: sent.length - 1, failed: 1, removed: 0 };
    },
    maxGroup: 3,
    concurrency: 1,
  });
  return { push, rounds, messages };
}

const written = (...devices: Parameters<typeof device>[0][]): Outcome => ({
  kind: 'written',
  writtenAt: NOW,
  devices: devices.map((each) => device(each)),
});

describe('push', () => {
  it('counts what reached screens and devices, and how long it took', async () => {
    const { push, messages } = setUp(({ visitor_id }) =>
      visitor_id === 'old' ? { kind: 'stale' } : written(...(visitor_id === 'ada' ? ['ada', 'ada2'] : [])),
    );
    const anew = recommendation('eve', -900);
    const result = await push(
      [
        recommendation('ada', -500),
        recommendation('old', -5000),
        recommendation('bob', -300),
        { ...anew, trigger: { ...anew.trigger, event_name: 'refresh' } },
      ],
      context,
    );
    expect(result).toEqual({
      out: 3,
      metrics: {
        skipped_stale: 1,
        end_to_end_ms: [490, 290],
        notified: 1,
        notify_failed: 1,
        tokens_removed: 0,
      },
    });
    expect(messages.map((each) => [each.device.visitorId, each.data.recommendation_id])).toEqual([
      ['ada', 'ada@-500'],
      ['ada2', 'ada@-500'],
    ]);
  });

  it('lets batches that arrive together share a round', async () => {
    const { push, rounds } = setUp(() => written());
    const results = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((each) => push([recommendation(each)], context)),
    );
    expect(rounds).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
    expect(results.map(({ out }) => out)).toEqual([1, 1, 1, 1, 1]);
  });

  it('fails, for redelivery, when screens cannot be written', async () => {
    const { push } = setUp(() => {
      throw new Error('down');
    });
    await expect(push([recommendation('ada')], context)).rejects.toThrow('down');
  });
});

describe('what a device is told', () => {
  it('names the recommendation and its items', () => {
    expect(messageData(recommendation('ada', -500))).toEqual({
      type: 'recommendations',
      recommendation_id: 'ada@-500',
      generated_at: recommendation('ada', -500).generated_at,
      source: 'model',
      model_version: 'm1',
      reason: 'Because you looked at socks',
      item_ids: '["shoe"]',
    });
  });

  it('fits into what FCM takes, whatever the ids', () => {
    const items = Array.from({ length: 50 }, (_, index) => ({
      item_id: `${'測'.repeat(120)}${index}`,
      score: 1,
      reason: '測'.repeat(500),
    }));
    const experiment = { name: 'e'.repeat(128), arm: 'a'.repeat(128) };
    const recommendation_id = 'r'.repeat(128);
    const data = messageData(recommendation('ada', -1, { items, recommendation_id, experiment }));
    const bytes = Object.entries(data).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
    expect(bytes).toBeLessThanOrEqual(4096);
    expect((JSON.parse(data.item_ids ?? '[]') as string[]).length).toBeGreaterThan(3);
  });
});
