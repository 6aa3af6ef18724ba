import type { BatchResult, Route } from '../../shared/batch-function.ts';
import { ForgetRequest } from '../../shared/events.ts';
import type { Forget } from './forget.ts';

/**
 * The route of `forget-requests`: whoever may publish there may have people forgotten. The moment is that of the message, so that a
 * redelivery forgets no more than the first delivery.
 */
export function makeForgetRoute({ forget, sweep }: Forget): Route<ForgetRequest> {
  return {
    schema: ForgetRequest,
    async handle(requests, { log, publishTime }): Promise<BatchResult> {
      let out = 0;
      for (const request of requests) {
        if ('sweep' in request) {
          const swept = await sweep();
          if (swept > 0) log.info('erasures were repeated', { people: swept });
          out += swept;
          continue;
        }
        const subject =
          'user_id' in request ? { userId: request.user_id } : { anonymousId: request.anonymous_id };
        const report = await forget(subject, new Date(request.forgotten_at ?? publishTime).toISOString());
        log.info('a person is forgotten', { ...report });
        out += 1;
      }
      return { out };
    },
  };
}
