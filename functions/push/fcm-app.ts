import { Agent } from 'node:https';
import { connect } from 'node:net';
import { type App, applicationDefault, initializeApp } from 'firebase-admin/app';
import { getMessaging, type Messaging } from 'firebase-admin/messaging';

/**
 * The Admin SDK's messaging client; at an FCM emulator where `emulatorUrl` (`http://HOST:PORT`) is given. The SDK's
 * host is fixed, so its connections are led there instead, by its HTTP/1.1 transport; the requests are the real ones.
 */
export function makeMessaging(projectId: string, emulatorUrl: string | undefined): Messaging {
  if (emulatorUrl === undefined)
    return getMessaging(initializeApp({ projectId, credential: applicationDefault() }));
  const messaging = getMessaging(emulatorApp(projectId, new URL(emulatorUrl)));
  messaging.enableLegacyHttpTransport();
  return messaging;
}

function emulatorApp(projectId: string, { hostname, port }: URL): App {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  Object.assign(agent, { createConnection: () => connect(Number(port), hostname) });
  return initializeApp({
    projectId,
    credential: { getAccessToken: async () => ({ access_token: 'emulator', expires_in: 3600 }) },
    httpAgent: agent,
  });
}
