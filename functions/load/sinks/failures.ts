import { type FunctionIdentity, makeFailedEvent } from '../../../shared/failed-event.ts';
import type { Attributes } from '../../../shared/message.ts';
import { TOPICS } from '../../../shared/pipeline.ts';
import type { ChunkPublisher } from '../../../shared/publisher.ts';
import { eventJson, makeBatchPublisher } from './batch-publisher.ts';
import type { RowFailed } from './event-reader.ts';

/** Puts records that are no events on `failed-events`. */
export interface Failures {
  /** A promise where one has to wait for room. */
  add(failure: RowFailed): Promise<void> | undefined;
  finish(): Promise<void>;
}

export interface FailuresOptions {
  readonly identity: FunctionIdentity;
  readonly publisher: ChunkPublisher;
  readonly attributes: Attributes;
  readonly concurrency: number;
  readonly clock: () => number;
}

export function makeFailures({ identity, clock, ...publishing }: FailuresOptions): Failures {
  const batches = makeBatchPublisher({ ...publishing, topic: TOPICS.failed });
  return {
    add(failure) {
      const failed = makeFailedEvent(identity, { ...failure, replayTopic: TOPICS.inbox }, clock());
      return batches.add(eventJson(failed));
    },
    finish: () => batches.finish(),
  };
}
