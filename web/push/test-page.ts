import { initializeApp } from 'firebase/app';
import { connectFirestoreEmulator, getFirestore } from 'firebase/firestore';
import { getMessaging, onMessage } from 'firebase/messaging';
import { forgetDevice, registerWorker, saveDevice } from './register-device.ts';

/** A shop's page, as far as push goes; a test calls its parts. */
const CONFIG = { projectId: 'demo-push', apiKey: 'none', appId: '1:1:web:1', messagingSenderId: '1' };

/** What came while the page was visible. */
const received: unknown[] = [];

const page = {
  received,
  async install(): Promise<void> {
    await registerWorker(CONFIG);
    await navigator.serviceWorker.ready;
    onMessage(getMessaging(initializeApp(CONFIG)), (message) => received.push(message.data));
  },
  /** @param host of the Firestore emulator, `HOST:PORT` @param uid signed in as @param owner whose device it shall be */
  async device(act: 'save' | 'forget', host: string, uid: string, owner: string, token: string) {
    const firestore = getFirestore(initializeApp(CONFIG, `${uid}-${owner}-${act}-${token.length}`));
    const [name = '', port = ''] = host.split(':');
    connectFirestoreEmulator(firestore, name, Number(port), { mockUserToken: { sub: uid } });
    return (act === 'save' ? saveDevice : forgetDevice)(firestore, owner, token).then(
      () => 'done',
      (error: { readonly code?: string }) => String(error.code),
    );
  },
};
export type PushPage = typeof page;
Object.assign(globalThis, { page });
