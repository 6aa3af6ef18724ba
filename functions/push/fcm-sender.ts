import type { Message, Messaging } from 'firebase-admin/messaging';
import type { DeviceMessage, MessageSender, SendResult } from './send-messages.ts';

export interface FcmSenderOptions {
  /** A newer message with this key replaces one that a device has not received yet. */
  readonly collapseKey: string;
  /** How long FCM keeps a message for a device that is off. Milliseconds. */
  readonly ttlMs: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** The error of one message, as the Admin SDK gives it. */
interface FcmError {
  readonly code: string;
  readonly message: string;
  readonly httpResponse?: { readonly headers?: Readonly<Record<string, unknown>>; readonly data?: unknown };
}

/** The Admin SDK itself retries what answers 503; more of ours would multiply. */
const RETRIED: ReadonlySet<string> = new Set([
  'messaging/message-rate-exceeded',
  'messaging/device-message-rate-exceeded',
  'messaging/internal-error',
  'app/network-error',
  'app/network-timeout',
]);
const DEAD: ReadonlySet<string> = new Set([
  'messaging/registration-token-not-registered',
  'messaging/invalid-registration-token',
]);

/**
 * Sends data messages in bulk by the Firebase Admin SDK. What each error means:
 * https://firebase.google.com/docs/cloud-messaging/error-codes
 */
export function makeFcmSender(
  messaging: Pick<Messaging, 'sendEach'>,
  { collapseKey, ttlMs, clock }: FcmSenderOptions,
): MessageSender {
  const toMessage = ({ device, data }: DeviceMessage): Message => ({
    token: device.token,
    data: { ...data },
    android: { collapseKey, ttl: ttlMs, priority: 'normal' },
    apns: {
      headers: {
        'apns-collapse-id': collapseKey,
        'apns-expiration': String(Math.floor((clock() + ttlMs) / 1000)),
        'apns-push-type': 'background',
        'apns-priority': '5',
      },
      payload: { aps: { contentAvailable: true } },
    },
    webpush: { headers: { TTL: String(Math.floor(ttlMs / 1000)), Topic: collapseKey, Urgency: 'normal' } },
  });
  return {
    async send(messages) {
      const { responses } = await messaging.sendEach(messages.map(toMessage));
      return responses.map(({ success, error }) =>
        success ? { kind: 'sent' } : resultOf(error as FcmError | undefined),
      );
    },
  };
}

function resultOf(error: FcmError | undefined): SendResult {
  if (!error) return { kind: 'failed', message: 'FCM gave no reason' };
  if (DEAD.has(error.code) || (error.code === 'messaging/invalid-argument' && blamesToken(error)))
    return { kind: 'dead' };
  if (!RETRIED.has(error.code)) return { kind: 'failed', message: error.message };
  const seconds = Number(error.httpResponse?.headers?.['retry-after']);
  return {
    kind: 'retry',
    message: error.message,
    ...(Number.isFinite(seconds) && seconds > 0 ? { afterMs: seconds * 1000 } : {}),
  };
}

/** INVALID_ARGUMENT says of a malformed token and of a malformed message; only the first ends the token. */
function blamesToken({ httpResponse, message }: FcmError): boolean {
  const data = httpResponse?.data;
  const text = typeof data === 'string' ? data : JSON.stringify(data ?? '');
  return /"field":\s*"message\.token"/.test(text) || /registration token is not a valid/i.test(message);
}
