import type { TrainRequest } from '../../shared/events.ts';
import { stableId } from '../../shared/ids.ts';

/** A request with all that a schedule leaves out. */
export interface Order extends TrainRequest {
  readonly request_id: string;
  readonly requested_at: string;
}

/** The version that an order makes: `20261121T093000Z-` and eight digits of its id; sorts by time. */
export function versionOf({ requested_at, request_id }: Order): string {
  const time = new Date(requested_at).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${stableId(request_id).slice(0, 8)}`;
}
