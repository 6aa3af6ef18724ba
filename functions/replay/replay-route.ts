import type { BatchContext, BatchResult, Route } from '../../shared/batch-function.ts';
import { ReplayRequest } from '../../shared/events.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';
import type { Replay } from './replay.ts';
import { parseWhere } from './where.ts';

export interface ReplayRouteOptions {
  readonly replay: Replay;
  readonly publisher: Publisher;
  /** How long one delivery may work; what is left then goes on in a message of its own. Milliseconds. */
  readonly runMs: number;
  readonly clock: () => number;
}

/**
 * The route of `replay-requests`. A redelivery goes on where the first broke off, since what is marked is not found again; a run that
 * outlasts its time asks for its own continuation.
 * @throws PermanentError for a condition that cannot be read
 */
export function makeReplayRoute({
  replay,
  publisher,
  runMs,
  clock,
}: ReplayRouteOptions): Route<ReplayRequest> {
  const serve = async (request: ReplayRequest, context: BatchContext): Promise<number> => {
    const ends = clock() + runMs;
    const replayId = request.request_id ?? context.messageId;
    const until = request.requested_at ?? context.publishTime;
    const report = await replay({
      ...request,
      replayId,
      until,
      where: parseWhere(request.where),
      outOfTime: () => clock() > ends,
    });
    const left = request.limit - report.found;
    context.log.info('failed events were published again', { ...report });
    if (report.more && report.last && left > 0) {
      // What was skipped has no mark: only its place keeps it from being found again.
      const rest = { ...request, request_id: replayId, requested_at: until, limit: left, after: report.last };
      await publisher.publish(TOPICS.replayRequests, [rest], context.outgoing);
    }
    return report.replayed;
  };
  return {
    schema: ReplayRequest,
    async handle(requests, context): Promise<BatchResult> {
      let out = 0;
      for (const request of requests) out += await serve(request, context);
      return { out };
    },
  };
}
