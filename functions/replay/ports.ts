import type { FailedEvent } from '../../shared/events.ts';
import type { Condition } from './where.ts';

/** Where in the order of failed events one is. */
export type Place = Pick<FailedEvent, 'failed_at' | 'failed_id'>;

/** Which failed events a run is about. */
export interface Selection {
  /** The run; what it has marked is not selected again. */
  readonly replayId: string;
  readonly where: Condition;
  /** Failures after this are left. RFC 3339. */
  readonly until: string;
  readonly limit: number;
  /** Whether those that failed in a replay, or were replayed by another run, are among them. */
  readonly again: boolean;
  /** The last that was looked at; only what comes after it is selected. */
  readonly after?: Place | undefined;
}

/** Failed events as they are stored. */
export interface FailedEvents {
  /** Oldest first, each once. @throws where they cannot be read */
  select(selection: Selection): AsyncIterable<FailedEvent>;
  /** Appends that these were published again; rows are never changed. */
  mark(failedIds: readonly string[], replayId: string, replayedAt: string): Promise<void>;
}

/** Payloads that are too long for a row. */
export interface PayloadReader {
  /** The text at `gs://bucket/name`; undefined where it is there no more. */
  read(uri: string): Promise<string | undefined>;
}

/**
 * Mends a payload before it is published again: answers the event, several, or undefined to leave it as it is. A payload that
 * is no JSON arrives as text.
 */
export type Transform = (payload: unknown, failed: FailedEvent) => unknown;
