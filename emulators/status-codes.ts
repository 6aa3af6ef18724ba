/** gRPC's number and the HTTP status of each status that Google's services answer with: https://cloud.google.com/apis/design/errors */
export const STATUS_CODES = {
  CANCELLED: { code: 1, http: 499 },
  UNKNOWN: { code: 2, http: 500 },
  INVALID_ARGUMENT: { code: 3, http: 400 },
  DEADLINE_EXCEEDED: { code: 4, http: 504 },
  NOT_FOUND: { code: 5, http: 404 },
  ALREADY_EXISTS: { code: 6, http: 409 },
  PERMISSION_DENIED: { code: 7, http: 403 },
  RESOURCE_EXHAUSTED: { code: 8, http: 429 },
  FAILED_PRECONDITION: { code: 9, http: 400 },
  ABORTED: { code: 10, http: 409 },
  OUT_OF_RANGE: { code: 11, http: 400 },
  UNIMPLEMENTED: { code: 12, http: 501 },
  INTERNAL: { code: 13, http: 500 },
  UNAVAILABLE: { code: 14, http: 503 },
  DATA_LOSS: { code: 15, http: 500 },
  UNAUTHENTICATED: { code: 16, http: 401 },
} as const;
export type StatusName = keyof typeof STATUS_CODES;

/** gRPC's number of each status. */
export const CODE = Object.fromEntries(
  Object.entries(STATUS_CODES).map(([name, { code }]) => [name, code]),
) as Readonly<Record<StatusName, number>>;

/** The status with this number of gRPC's, and its HTTP status; INTERNAL where there is none. */
export function statusOfCode(code: number) {
  const known = (Object.keys(STATUS_CODES) as StatusName[]).find((name) => CODE[name] === code);
  const name = known ?? 'INTERNAL';
  return { name, http: STATUS_CODES[name].http };
}
