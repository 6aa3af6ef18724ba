/** A refusal in the form of the Identity Toolkit API; `message` is the code that SDKs map, as `TOKEN_EXPIRED`. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }

  toResponse(): Response {
    const { status: code, message } = this;
    const errors = [{ message, reason: 'invalid', domain: 'global' }];
    return Response.json({ error: { code, message, errors } }, { status: code });
  }
}
