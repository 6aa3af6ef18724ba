/** Errors that FCM answers with, as tests may set them: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode */
export const FCM_ERRORS = {
  UNREGISTERED: { code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' },
  SENDER_ID_MISMATCH: { code: 403, status: 'PERMISSION_DENIED', message: 'SenderId mismatch' },
  QUOTA_EXCEEDED: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded for quota metric.' },
  UNAVAILABLE: { code: 503, status: 'UNAVAILABLE', message: 'The service is currently unavailable.' },
  INTERNAL: { code: 500, status: 'INTERNAL', message: 'Internal error encountered.' },
  INVALID_ARGUMENT: {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'The registration token is not a valid FCM registration token',
  },
} as const;
export type FcmErrorCode = keyof typeof FCM_ERRORS;

/** A refusal in the form of FCM's HTTP v1 API. */
export class FcmError extends Error {
  override readonly name = 'FcmError';
  readonly errorCode: FcmErrorCode;
  /** The field at fault, as `message.token`. */
  readonly field: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    errorCode: FcmErrorCode,
    options: { readonly message?: string; readonly field?: string; readonly retryAfterSeconds?: number } = {},
  ) {
    super(options.message ?? FCM_ERRORS[errorCode].message);
    this.errorCode = errorCode;
    this.field = options.field;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  toResponse(): Response {
    const { code, status } = FCM_ERRORS[this.errorCode];
    const violation = {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [{ field: this.field, description: this.message }],
    };
    const details = [
      { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: this.errorCode },
      ...(this.field === undefined ? [] : [violation]),
    ];
    return Response.json(
      { error: { code, message: this.message, status, details } },
      {
        status: code,
        headers:
          this.retryAfterSeconds === undefined ? {} : { 'retry-after': String(this.retryAfterSeconds) },
      },
    );
  }
}
