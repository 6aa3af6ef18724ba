import type { FlowSnapshot, QueueFigures } from '../../../emulators/board/view/protocol.ts';
import { type FunctionSpec, subscriptionName, topicsOf } from '../../../shared/pipeline.ts';

const NONE: QueueFigures = {
  backlog: 0,
  oldestSeconds: 0,
  perSecond: 0,
  deadLettered: 0,
};

/** What waits for a function, of all its subscriptions together; undefined where Pub/Sub does not tell. */
export function waitingFor(spec: FunctionSpec, { queues }: FlowSnapshot): QueueFigures | undefined {
  const known = topicsOf(spec).flatMap((topic) => queues[subscriptionName(spec, topic)] ?? []);
  if (known.length === 0) return undefined;
  return known.reduce(
    (sum, queue) => ({
      backlog: sum.backlog + queue.backlog,
      oldestSeconds: Math.max(sum.oldestSeconds, queue.oldestSeconds),
      perSecond: sum.perSecond + queue.perSecond,
      deadLettered: sum.deadLettered + queue.deadLettered,
    }),
    NONE,
  );
}
