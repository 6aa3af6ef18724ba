/**
 * The service worker `/firebase-messaging-sw.js`: shows a notification for each message that comes while no page of the shop is
 * visible (else the SDK hands it to the page). Browsers oblige a worker that gets a message to show one.
 * https://firebase.google.com/docs/cloud-messaging/js/receive
 */
import { initializeApp } from 'firebase/app';
import { getMessaging, onBackgroundMessage } from 'firebase/messaging/sw';
import { notificationOf } from './notification.ts';

/** What a service worker has beside a page's globals. */
interface Worker {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: { readonly type: 'window' }): Promise<readonly { focus(): Promise<unknown> }[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install', listener: () => void): void;
  addEventListener(type: 'notificationclick', listener: (event: NotificationClick) => void): void;
}

interface NotificationClick {
  readonly notification: Notification;
  waitUntil(work: Promise<unknown>): void;
}

const worker = globalThis as unknown as Worker;
/** The page gives the app's configuration in the query of the worker's address: see register-device.ts. */
const config = Object.fromEntries(new URL(worker.location.href).searchParams);

onBackgroundMessage(getMessaging(initializeApp(config)), ({ data }) => {
  const shown = notificationOf(data);
  if (!shown) return;
  const { title, body, tag, link } = shown;
  return worker.registration.showNotification(title, { body, tag, data: { link } });
});

worker.addEventListener('install', () => void worker.skipWaiting());
worker.addEventListener('notificationclick', (event) => {
  const { link } = event.notification.data as { readonly link?: string };
  event.notification.close();
  if (link !== undefined) event.waitUntil(openShop(link));
});

/** An open page of the shop comes to the front; there is a new one only where there is none. */
async function openShop(link: string): Promise<void> {
  const [open] = await worker.clients.matchAll({ type: 'window' });
  await (open ? open.focus() : worker.clients.openWindow(link));
}
