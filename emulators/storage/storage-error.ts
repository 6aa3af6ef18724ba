/** A refusal in the form of Google's JSON API: https://cloud.google.com/storage/docs/json_api/v1/status-codes */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }

  /** The body of the answer. */
  toJson(): object {
    const { status: code, message, reason } = this;
    return { error: { code, message, errors: [{ message, domain: 'global', reason }] } };
  }
}

export const invalid = (message: string): StorageError => new StorageError(400, 'invalid', message);

export const noSuchBucket = (): StorageError =>
  new StorageError(404, 'notFound', 'The specified bucket does not exist.');

export const noSuchObject = (bucket: string, name: string): StorageError =>
  new StorageError(404, 'notFound', `No such object: ${bucket}/${name}`);

export const conditionNotMet = (): StorageError =>
  new StorageError(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.');
