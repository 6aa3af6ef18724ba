/** A request that cannot be served as it is; the message tells the person what to change. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly status: 400 | 403 | 404 | 501;

  constructor(status: 400 | 403 | 404 | 501, message: string) {
    super(message);
    this.status = status;
  }
}
