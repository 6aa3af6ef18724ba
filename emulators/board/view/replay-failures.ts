import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { describeReplay } from '../../../functions/replay/cli/describe.ts';
import type { Replay } from '../../../functions/replay/replay.ts';
import { parseWhere } from '../../../functions/replay/where.ts';
import { RefusedRequest } from './refused.ts';

/** Which failed events to send in again, and for a single one, as what. */
export const ReplayOrder = z
  .object({
    failed_ids: z
      .array(z.string().regex(/^[\w-]{1,128}$/))
      .min(1)
      .max(200),
    /** The event as a person mended it. */
    mended: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(({ failed_ids, mended }) => mended === undefined || failed_ids.length === 1, {
    path: ['mended'],
    message: 'one event is mended at a time',
  });
export type ReplayOrder = z.infer<typeof ReplayOrder>;

/** What came of it. */
export interface ReplayOutcome {
  readonly replayed: number;
  /** For a person. */
  readonly message: string;
}

/**
 * Sends failed events in again, also those that were replayed before: a person chose them.
 * @param now epoch milliseconds
 * @throws RefusedRequest where none of them is there
 */
export async function replayFailures(
  replay: Replay,
  { failed_ids, mended }: ReplayOrder,
  now: number,
): Promise<ReplayOutcome> {
  const report = await replay({
    replayId: randomUUID(),
    where: parseWhere(`failed_id IN (${failed_ids.map((id) => `'${id}'`).join(', ')})`),
    until: new Date(now).toISOString(),
    limit: failed_ids.length,
    again: true,
    ...(mended === undefined ? {} : { transform: () => mended }),
  });
  if (report.found === 0)
    throw new RefusedRequest(404, 'No failed event of this id is in the warehouse; load the list again.');
  return { replayed: report.replayed, message: describeReplay(report, false) };
}
