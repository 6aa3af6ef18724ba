import {
  collection,
  deleteDoc,
  disableNetwork,
  doc,
  enableNetwork,
  getDocFromCache,
  limit,
  onSnapshot,
  orderBy,
  type QuerySnapshot,
  query,
  setDoc,
  updateDoc,
  where,
} from 'firebase/firestore';
import { Log, makeClient, type Place } from './client.ts';

interface Seen {
  readonly ids: string;
  readonly changes: string;
  readonly cached: boolean;
  readonly pending: boolean;
}

function seen(snapshot: QuerySnapshot): Seen {
  const { fromCache, hasPendingWrites } = snapshot.metadata;
  return {
    ids: snapshot.docs.map(({ id }) => id).join(' '),
    changes: snapshot
      .docChanges()
      .map(({ type, doc: { id } }) => `${type} ${id}`)
      .join(', '),
    cached: fromCache,
    pending: hasPendingWrites,
  };
}

const settled = (ids: string) => (last: Seen) => last.ids === ids && !last.cached && !last.pending;

/** One client writes, the other watches: what the watcher is told. */
export async function watching(place: Place): Promise<unknown> {
  const [writer, watcher] = [makeClient(place), makeClient(place)];
  const log = new Log<Seen>();
  const at = (id: string) => doc(writer.db, `watched/${id}`);
  await setDoc(at('a'), { n: 1 });
  const watched = query(collection(watcher.db, 'watched'), where('n', '>', 0), orderBy('n'));
  const stop = onSnapshot(watched, (snapshot) => log.add(seen(snapshot)));
  await log.until(settled('a'));
  await setDoc(at('b'), { n: 2 });
  await log.until(settled('a b'));
  await updateDoc(at('a'), { n: 3 });
  await log.until(settled('b a'));
  await updateDoc(at('b'), { n: -1 });
  await log.until(settled('a'));
  await deleteDoc(at('a'));
  await log.until(settled(''));
  stop();
  return log.entries.map(({ ids, changes }) => `${ids} | ${changes}`);
}

/** A page sees its own write at once, then as the server has it. */
export async function ownWrites(place: Place): Promise<unknown> {
  const { db } = makeClient(place);
  const log = new Log<Seen>();
  onSnapshot(collection(db, 'own'), { includeMetadataChanges: true }, (snapshot) => log.add(seen(snapshot)));
  await log.until(settled(''));
  await setDoc(doc(db, 'own/a'), { n: 1 });
  await log.until(settled('a'));
  return log.entries.map(({ ids, cached, pending }) => [ids, cached, pending]);
}

/** The best of a list, as it changes. */
export async function windows(place: Place): Promise<unknown> {
  const [writer, watcher] = [makeClient(place), makeClient(place)];
  const log = new Log<Seen>();
  const at = (id: string) => doc(writer.db, `ranked/${id}`);
  for (const [index, id] of ['a', 'b', 'c'].entries()) await setDoc(at(id), { n: index });
  const top = query(collection(watcher.db, 'ranked'), orderBy('n', 'desc'), limit(2));
  onSnapshot(top, (snapshot) => log.add(seen(snapshot)));
  await log.until(settled('c b'));
  await setDoc(at('d'), { n: 10 });
  await log.until(settled('d c'));
  await deleteDoc(at('c'));
  await log.until(settled('d b'));
  await setDoc(at('a'), { n: 5 });
  await log.until(settled('d a'));
  return log.entries.map(({ ids, changes }) => `${ids} | ${changes}`);
}

/** While a page is offline others write; it catches up, and what it wrote is sent. */
export async function offline(place: Place): Promise<unknown> {
  const [other, page] = [makeClient(place), makeClient(place)];
  const log = new Log<Seen>();
  await setDoc(doc(other.db, 'away/a'), { n: 1 });
  await setDoc(doc(other.db, 'away/b'), { n: 1 });
  onSnapshot(collection(page.db, 'away'), { includeMetadataChanges: true }, (snapshot) =>
    log.add(seen(snapshot)),
  );
  await log.until(settled('a b'));
  await disableNetwork(page.db);
  await log.until(({ cached }) => cached);
  const written = setDoc(doc(page.db, 'away/mine'), { n: 1 });
  await deleteDoc(doc(other.db, 'away/a'));
  await setDoc(doc(other.db, 'away/b'), { n: 2 });
  const cached = (await getDocFromCache(doc(page.db, 'away/b'))).get('n');
  await enableNetwork(page.db);
  await written;
  await log.until(settled('b mine'));
  return { cached, later: (await getDocFromCache(doc(page.db, 'away/b'))).get('n') };
}

/** Thirty documents of 100 KB at once: more than one response of a channel carries. */
export async function bulk(place: Place): Promise<unknown> {
  const [writer, watcher] = [makeClient(place), makeClient(place)];
  const text = '😀é'.repeat(25_000);
  await Promise.all(
    Array.from({ length: 30 }, (_, index) => setDoc(doc(writer.db, `bulk/${index}`), { index, text })),
  );
  const log = new Log<number>();
  const intact = (snapshot: QuerySnapshot): number =>
    snapshot.docs.filter((each) => each.get('text') === text).length;
  onSnapshot(collection(watcher.db, 'bulk'), (snapshot) => log.add(intact(snapshot)));
  const first = (await log.until((count) => count === 30)).at(-1);
  await setDoc(doc(writer.db, 'bulk/after'), { text });
  return [first, (await log.until((count) => count === 31)).at(-1)];
}

/** Without streamed responses, as behind some proxies. */
export async function longPolling(place: Place): Promise<unknown> {
  const [writer, watcher] = [
    makeClient(place, undefined, { experimentalForceLongPolling: true }),
    makeClient(place, undefined, { experimentalForceLongPolling: true }),
  ];
  const log = new Log<Seen>();
  onSnapshot(collection(watcher.db, 'polled'), (snapshot) => log.add(seen(snapshot)));
  await log.until(settled(''));
  for (const id of ['a', 'b', 'c']) await setDoc(doc(writer.db, `polled/${id}`), { id });
  return (await log.until(settled('a b c'))).at(-1)?.ids;
}

/** The emulator is emptied while a page watches. */
export async function reset(place: Place): Promise<unknown> {
  const [writer, watcher] = [makeClient(place), makeClient(place)];
  const log = new Log<Seen>();
  await setDoc(doc(writer.db, 'emptied/a'), { n: 1 });
  onSnapshot(collection(watcher.db, 'emptied'), (snapshot) => log.add(seen(snapshot)));
  await log.until(settled('a'));
  const documents = `/emulator/v1/projects/${place.project}/databases/(default)/documents`;
  await fetch(`http://${place.host}:${place.port}${documents}`, { method: 'DELETE' });
  await log.until(settled(''));
  await setDoc(doc(writer.db, 'emptied/b'), { n: 1 });
  return (await log.until(settled('b'))).map(({ changes }) => changes);
}

/** Streams fail, and go on where they were. */
export async function faults(place: Place): Promise<unknown> {
  const [writer, watcher] = [makeClient(place), makeClient(place)];
  const log = new Log<Seen>();
  const strike = (settings: object): Promise<Response> =>
    fetch(`http://${place.host}:${place.port}/_emulator/faults`, {
      method: 'POST',
      body: JSON.stringify(settings),
    });
  onSnapshot(collection(watcher.db, 'struck'), (snapshot) => log.add(seen(snapshot)));
  await log.until(settled(''));
  await strike({ methods: ['Write'], code: 'UNAVAILABLE', times: 1 });
  await setDoc(doc(writer.db, 'struck/a'), { n: 1 });
  await log.until(settled('a'));
  await strike({ methods: ['Listen'], code: 'UNAVAILABLE', times: 1 });
  const other = new Log<boolean>();
  onSnapshot(doc(watcher.db, 'struck/a'), (snapshot) => other.add(snapshot.exists()));
  await other.until((exists) => exists);
  await setDoc(doc(writer.db, 'struck/b'), { n: 1 });
  return (await log.until(settled('a b'))).at(-1)?.changes;
}

/** One of several pages of a browser, all of which watch and write: each sees what all wrote. */
export async function among(place: Place, pages: number, page: number): Promise<unknown> {
  const { db } = makeClient(place);
  const log = new Log<number>();
  onSnapshot(collection(db, 'pages'), { includeMetadataChanges: true }, ({ docs }) =>
    log.add(docs.filter(({ metadata }) => !metadata.hasPendingWrites).length),
  );
  await setDoc(doc(db, `pages/${page}`), { page });
  return (await log.until((count) => count === pages)).at(-1);
}
