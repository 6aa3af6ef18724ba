import type { FirebaseApp } from 'firebase/app';
import { deleteDoc, doc, type Firestore, serverTimestamp, setDoc } from 'firebase/firestore';
import { getMessaging, getToken, isSupported } from 'firebase/messaging';

export interface PushOptions {
  readonly app: FirebaseApp;
  readonly firestore: Firestore;
  /** The visitor, as signed in. */
  readonly uid: string;
  /** The public key of the project's web push certificates, from the Firebase console. */
  readonly vapidKey: string;
}

/** Whether this browser is registered, and if not, why. */
export type Registration = 'registered' | 'refused' | 'unsupported';

const WORKER = '/firebase-messaging-sw.js';

/**
 * Asks the visitor for permission and registers this browser for push messages. Call it on a click: browsers let no page
 * ask by itself. Call it again on later visits of those who agreed: tokens change.
 */
export async function registerDevice({ app, firestore, uid, vapidKey }: PushOptions): Promise<Registration> {
  if (!(await isSupported())) return 'unsupported';
  if ((await Notification.requestPermission()) !== 'granted') return 'refused';
  const serviceWorkerRegistration = await registerWorker(app.options);
  const token = await getToken(getMessaging(app), { vapidKey, serviceWorkerRegistration });
  await saveDevice(firestore, uid, token);
  return 'registered';
}

/** Installs the service worker, which is told the app's configuration by its address. */
export function registerWorker(config: object): Promise<ServiceWorkerRegistration> {
  const query = new URLSearchParams(Object.entries(config).filter(([, value]) => typeof value === 'string'));
  return navigator.serviceWorker.register(`${WORKER}?${query}`);
}

/** Notes the device under the visitor, in the only form that infra/firestore.rules admit. */
export async function saveDevice(firestore: Firestore, uid: string, token: string): Promise<void> {
  const fields = { token, platform: 'web', updated_at: serverTimestamp() };
  await setDoc(doc(firestore, 'devices', uid, 'tokens', await idOf(token)), fields);
}

/** When the visitor wants no more messages on this device. */
export async function forgetDevice(firestore: Firestore, uid: string, token: string): Promise<void> {
  await deleteDoc(doc(firestore, 'devices', uid, 'tokens', await idOf(token)));
}

/** A token has characters that no document id may have. */
async function idOf(token: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
  return Array.from(new Uint8Array(digest).slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
}
