import { z } from 'zod';
import { FcmError } from './fcm-error.ts';

/** Bytes of keys and values of `data`: https://firebase.google.com/docs/cloud-messaging/customize-messages/set-message-type */
const MAX_DATA_BYTES = 4096;
/** The longest time FCM keeps a message, and its default. */
const MAX_TTL_MS = 28 * 24 * 60 * 60 * 1000;

const RESERVED_KEY = /^(from|message_type)$|^(google|gcm)\./;

const headers = z.record(z.string(), z.string());

/** https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages#Message; names not read here are kept. */
const Message = z.strictObject({
  name: z.string().optional(),
  token: z.string().optional(),
  fid: z.string().optional(),
  topic: z.string().optional(),
  condition: z.string().optional(),
  data: z
    .record(
      z.string().refine((key) => !RESERVED_KEY.test(key), 'is a reserved key'),
      z.string(),
    )
    .optional(),
  notification: z.looseObject({}).optional(),
  android: z
    .looseObject({
      collapse_key: z.string().optional(),
      ttl: z
        .string()
        .regex(/^\d{1,9}(\.\d{1,9})?s$/, 'must be a duration such as "3600s"')
        .optional(),
      priority: z
        .string()
        .regex(/^(normal|high)$/i)
        .optional(),
    })
    .optional(),
  apns: z.looseObject({ headers: headers.optional(), payload: z.looseObject({}).optional() }).optional(),
  webpush: z.looseObject({ headers: headers.optional() }).optional(),
  fcm_options: z.looseObject({}).optional(),
});
export type Message = z.infer<typeof Message>;

const SendRequest = z.strictObject({ message: Message, validate_only: z.boolean().optional() });

/** A message to one device that FCM would take. */
export interface DeviceMessage {
  readonly token: string;
  readonly message: Message;
  readonly collapseKey: string | undefined;
  /** How long it is kept for a device that is off. Milliseconds; 0: now or never. */
  readonly ttlMs: number;
  readonly validateOnly: boolean;
}

/**
 * Reads the body of `messages:send`.
 * @throws FcmError INVALID_ARGUMENT naming the field at fault.
 */
export function parseSend(body: unknown): DeviceMessage {
  const parsed = SendRequest.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') || 'message';
    throw refusal(field, `Invalid value at '${field}': ${issue?.message}`);
  }
  const { message, validate_only: validateOnly = false } = parsed.data;
  const { token, fid, topic, condition } = message;
  const targets = [token, fid, topic, condition].filter((target) => target !== undefined);
  if (targets.length !== 1)
    throw refusal('message', 'Exactly one of token, fid, topic or condition must name the recipient');
  const address = token ?? fid;
  if (address === undefined) throw refusal('message', 'This emulator sends to devices only, by token or fid');
  if (!/^[\w:.-]{1,4096}$/.test(address)) throw new FcmError('INVALID_ARGUMENT', { field: 'message.token' });
  const bytes = Object.entries(message.data ?? {}).reduce(
    (sum, pair) => sum + Buffer.byteLength(pair.join('')),
    0,
  );
  if (bytes > MAX_DATA_BYTES)
    throw refusal('message.data', `Message is too big: ${bytes} bytes of data, at most ${MAX_DATA_BYTES}`);
  const collapseKey =
    message.android?.collapse_key ??
    message.apns?.headers?.['apns-collapse-id'] ??
    message.webpush?.headers?.Topic;
  return { token: address, message, collapseKey, ttlMs: ttlOf(message), validateOnly };
}

function ttlOf({ android, webpush }: Message): number {
  const seconds = android?.ttl?.slice(0, -1) ?? webpush?.headers?.TTL;
  return seconds === undefined ? MAX_TTL_MS : Math.min(MAX_TTL_MS, Number(seconds) * 1000 || 0);
}

function refusal(field: string, message: string): FcmError {
  return new FcmError('INVALID_ARGUMENT', { field, message });
}
