import type { TrainRequest } from '../../shared/events.ts';
import { stableId } from '../../shared/ids.ts';

/** The version that a request makes: `20261121T093000Z-` and eight digits of its id; sorts by time. */
export function versionOf({ requested_at, request_id }: TrainRequest): string {
  const time = new Date(requested_at).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${stableId(request_id).slice(0, 8)}`;
}
