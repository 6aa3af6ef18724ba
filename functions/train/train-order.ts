import type { z } from 'zod';
import type { BatchContext } from '../../shared/batch-function.ts';
import { TrainRequest } from '../../shared/events.ts';

/** A request for training as it arrives: a schedule's, whose message is always the same, has neither id nor time. */
export const TrainOrder = TrainRequest.partial({ request_id: true, requested_at: true });
export type TrainOrder = z.infer<typeof TrainOrder>;

/** Fills in what an order leaves out from its message: the same at each redelivery. */
export function completeOrders(
  orders: readonly TrainOrder[],
  { messageId, publishTime }: Pick<BatchContext, 'messageId' | 'publishTime'>,
): readonly TrainRequest[] {
  return orders.map(({ request_id = messageId, requested_at = publishTime, ...order }) => ({
    ...order,
    request_id,
    requested_at,
  }));
}
