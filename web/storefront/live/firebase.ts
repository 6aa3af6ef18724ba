import { initializeApp } from 'firebase/app';
import {
  browserLocalPersistence,
  connectAuthEmulator,
  deleteUser,
  initializeAuth,
  signInAnonymously,
  signOut,
} from 'firebase/auth';
import { connectFirestoreEmulator, doc, getDoc, getFirestore, onSnapshot } from 'firebase/firestore';
import type { Settings } from '../settings.ts';
import { documentIdOf } from './document-id.ts';
import type { Live } from './live.ts';
import { readRelatedLists } from './related-lists.ts';
import { readShownList } from './shown-list.ts';

/** Recommendations by the Firebase web SDK: anonymous sign-in, and a listener on `recommendations/{uid}`; lists by product in `related/{item}`. */
export function openFirebase({ firebase, emulators }: Settings): Live {
  const app = initializeApp(firebase);
  const auth = initializeAuth(app, { persistence: browserLocalPersistence });
  const db = getFirestore(app);
  if (emulators) {
    const [host = '', port = ''] = emulators.firestore.split(':');
    connectAuthEmulator(auth, emulators.auth, { disableWarnings: true });
    connectFirestoreEmulator(db, host, Number(port));
  }
  return {
    async signIn() {
      await auth.authStateReady();
      return (auth.currentUser ?? (await signInAnonymously(auth)).user).uid;
    },
    follow: (uid, onList, onError) =>
      onSnapshot(
        doc(db, 'recommendations', uid),
        (snapshot) => {
          const list = readShownList(snapshot.data());
          if (list) onList(list);
        },
        onError,
      ),
    async related(itemId) {
      const snapshot = await getDoc(doc(db, 'related', await documentIdOf(itemId)));
      return readRelatedLists(snapshot.data());
    },
    async forget() {
      await auth.authStateReady();
      if (!auth.currentUser) return;
      // An account too old to be deleted without signing in anew is left.
      await deleteUser(auth.currentUser).catch(() => signOut(auth));
    },
  };
}
