import { STATUS_CODES, type StatusName } from '../status-codes.ts';
import { BigQueryError } from './backend.ts';

/** BigQuery's words for statuses, with the HTTP status where it differs: https://cloud.google.com/bigquery/docs/error-messages */
const REASONS: Readonly<Record<string, readonly [reason: string, status?: number]>> = {
  RESOURCE_EXHAUSTED: ['quotaExceeded', 403],
  PERMISSION_DENIED: ['accessDenied'],
  NOT_FOUND: ['notFound'],
  INTERNAL: ['internalError'],
  UNAVAILABLE: ['backendError'],
};

/** An error that was asked for: by REST as BigQuery words it, by gRPC under its own code. */
export class InjectedFault extends BigQueryError {
  /** gRPC's number. */
  readonly code: number;

  constructor(name: StatusName, message: string) {
    const [reason, status] = REASONS[name] ?? ['backendError'];
    super(status ?? STATUS_CODES[name].http, reason, message);
    this.code = STATUS_CODES[name].code;
  }
}
