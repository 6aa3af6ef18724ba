import {
  connectAuthEmulator,
  initializeAuth,
  inMemoryPersistence,
  signInAnonymously,
  signOut,
} from 'firebase/auth';
import {
  collection,
  doc,
  getDoc,
  getDocs,
  onSnapshot,
  query,
  runTransaction,
  setDoc,
  updateDoc,
  where,
  writeBatch,
} from 'firebase/firestore';
import { codeOf, Log, makeClient, type Place } from './client.ts';

/** What someone may not do is refused by each way of asking. */
export async function denials(place: Place): Promise<unknown> {
  const { db } = makeClient(place, 'ada');
  await setDoc(doc(db, 'mine/ada'), { owner: 'ada' });
  const locked = doc(db, 'locked/a');
  const log = new Log<string>();
  onSnapshot(
    locked,
    () => log.add('a snapshot'),
    ({ code }) => log.add(code),
  );
  await log.until(() => true);
  return {
    listen: log.entries,
    get: await codeOf(getDoc(locked)),
    set: await codeOf(setDoc(locked, { a: 1 })),
    batch: await codeOf(writeBatch(db).set(doc(db, 'open/x'), {}).set(locked, {}).commit()),
    transaction: await codeOf(runTransaction(db, (transaction) => transaction.get(locked))),
    own: await codeOf(getDoc(doc(db, 'mine/ada'))),
    others: await codeOf(getDoc(doc(db, 'mine/bob'))),
    updateMissing: await codeOf(updateDoc(doc(db, 'locked/none'), { a: 1 })),
    all: await codeOf(getDocs(collection(db, 'mine'))),
    filtered: await codeOf(getDocs(query(collection(db, 'mine'), where('owner', '==', 'ada')))),
    after: await codeOf(setDoc(doc(db, 'open/y'), {})),
  };
}

/** A page signs in, and out again: what it may read follows. */
export async function signIn(place: Place): Promise<unknown> {
  const { app, db } = makeClient(place);
  const auth = initializeAuth(app, { persistence: inMemoryPersistence });
  connectAuthEmulator(auth, place.authUrl, { disableWarnings: true });
  const before = await codeOf(getDoc(doc(db, 'mine/nobody')));
  const { user } = await signInAnonymously(auth);
  const own = doc(db, `mine/${user.uid}`);
  await setDoc(own, { owner: user.uid, n: 1 });
  const log = new Log<string>();
  onSnapshot(
    own,
    (snapshot) => log.add(`n ${snapshot.get('n')}`),
    ({ code }) => log.add(code),
  );
  await log.until((last) => last === 'n 1');
  await signOut(auth);
  await log.until((last) => last === 'permission-denied');
  return { before, log: log.entries, after: await codeOf(getDoc(own)) };
}
