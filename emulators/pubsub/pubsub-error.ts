/** The gRPC codes this emulator answers with: https://grpc.io/docs/guides/status-codes/ */
export const CODE = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
} as const;

/** A refusal, as gRPC code and words; REST maps the code to a status. */
export class PubSubError extends Error {
  override readonly name = 'PubSubError';
  readonly code: number;
  /** google.rpc.ErrorInfo's metadata: for acknowledgements, what is wrong by ack id. */
  readonly info: Readonly<Record<string, string>> | undefined;

  constructor(code: number, message: string, info?: Readonly<Record<string, string>>) {
    super(message);
    this.code = code;
    this.info = info;
  }
}

export const invalid = (message: string): PubSubError => new PubSubError(CODE.INVALID_ARGUMENT, message);
