import { CODE } from '../status-codes.ts';

export { CODE };

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
