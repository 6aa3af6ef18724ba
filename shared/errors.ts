/** Why an event could not be processed. Stored in `failed_events.reason`; the vocabulary operators filter by. */
export const FAILURE_REASONS = [
  'invalid_json',
  'invalid_event',
  'too_large',
  'event_time_out_of_range',
  'invalid_row',
  'file_rejected',
  'warehouse_rejected',
  'dead_letter',
  'internal',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** Base of the errors the pipeline raises on purpose. */
export abstract class PipelineError extends Error {
  override readonly name: string = 'PipelineError';
}

/** Trying again cannot help. The event goes to `failed-events` and its message is acknowledged. */
export class PermanentError extends PipelineError {
  override readonly name = 'PermanentError';
  readonly reason: FailureReason;
  readonly path: string | undefined;

  constructor(reason: FailureReason, message: string, options: { path?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.path = options.path;
  }
}

/** Trying again later may help. Thrown out of a function, so that the platform redelivers the message. */
export class TransientError extends PipelineError {
  override readonly name = 'TransientError';
}

/** The environment does not configure the function; lists every bad variable at once. */
export class ConfigError extends PipelineError {
  override readonly name = 'ConfigError';
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
