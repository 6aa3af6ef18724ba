import { expect, test } from 'vitest';
import { SCHEDULES, TOPICS } from '../../shared/pipeline.ts';
import { completeOrders, TrainOrder } from './train-order.ts';

const message = { messageId: 'm-1', publishTime: '2026-11-21T03:00:00.123Z' };

test('a scheduled order is completed from its message, a whole request is left as it is', () => {
  const scheduled = SCHEDULES.filter(({ topic }) => topic === TOPICS.trainRequests);
  expect(scheduled.length).toBeGreaterThan(0);
  for (const schedule of scheduled) {
    const { events } = schedule.message as { readonly events: readonly unknown[] };
    const orders = events.map((event) => TrainOrder.parse(event));
    expect(completeOrders(orders, message)).toEqual([
      { request_id: 'm-1', requested_at: message.publishTime, refresh_days: 1 },
    ]);
  }
  const whole = { request_id: 'mine', requested_at: '2026-01-01T00:00:00.000Z', refresh_days: 0 };
  expect(completeOrders([TrainOrder.parse(whole)], message)).toEqual([whole]);
});
