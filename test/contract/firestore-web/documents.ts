import {
  arrayRemove,
  arrayUnion,
  average,
  Bytes,
  collection,
  collectionGroup,
  count,
  deleteDoc,
  deleteField,
  doc,
  GeoPoint,
  getAggregateFromServer,
  getDoc,
  getDocs,
  increment,
  limit,
  orderBy,
  query,
  runTransaction,
  serverTimestamp,
  setDoc,
  startAfter,
  sum,
  Timestamp,
  updateDoc,
  vector,
  where,
  writeBatch,
} from 'firebase/firestore';
import { codeOf, makeClient, type Place } from './client.ts';

/** Every type comes back to another client as it was written. */
export async function values(place: Place): Promise<unknown> {
  const [writer, reader] = [makeClient(place), makeClient(place)];
  const written = {
    text: 'naïve 😀 \u0000 "quoted"',
    whole: Number.MAX_SAFE_INTEGER,
    real: 1.5,
    infinity: Number.NEGATIVE_INFINITY,
    yes: true,
    nothing: null,
    list: [1, 'a', { b: [2] }],
    map: { 'a.b': { '`': 1 }, é: 2 },
  };
  const reference = doc(writer.db, 'open/values');
  await setDoc(reference, {
    ...written,
    notANumber: Number.NaN,
    time: new Timestamp(1, 123_456_000),
    place: new GeoPoint(1.5, -2),
    bytes: Bytes.fromUint8Array(new Uint8Array([0, 255])),
    reference,
    vector: vector([1, 2.5]),
  });
  const data = (await getDoc(doc(reader.db, 'open/values'))).data() ?? {};
  const { notANumber, time, place: point, bytes, reference: path, vector: numbers, ...rest } = data;
  const same = Object.entries(written).filter(
    ([key, value]) => JSON.stringify(rest[key]) === JSON.stringify(value),
  );
  return {
    same: same.length === Object.keys(written).length,
    keys: Object.keys(rest).length,
    notANumber: Number.isNaN(notANumber),
    time: time.toJSON(),
    point: [point.latitude, point.longitude],
    bytes: [...bytes.toUint8Array()],
    path: path.path,
    vector: numbers.toArray(),
    missing: (await getDoc(doc(reader.db, 'open/none'))).exists(),
  };
}

export async function updates(place: Place): Promise<unknown> {
  const { db } = makeClient(place);
  const reference = doc(db, 'open/updates');
  await setDoc(reference, { a: 1, map: { x: 1, y: 2 }, list: [1, 2], gone: true });
  await updateDoc(reference, {
    a: increment(2.5),
    'map.x': 10,
    list: arrayUnion(2, 3),
    gone: deleteField(),
    at: serverTimestamp(),
  });
  await updateDoc(reference, { list: arrayRemove(1) });
  await setDoc(reference, { merged: true }, { merge: true });
  const { at, ...data } = (await getDoc(reference)).data() ?? {};
  return {
    data,
    at: Math.abs(at.toMillis() - Date.now()) < 60_000,
    missing: await codeOf(updateDoc(doc(db, 'open/none'), { a: 1 })),
    deleted: await deleteDoc(reference).then(async () => (await getDoc(reference)).exists()),
  };
}

export async function batches(place: Place): Promise<unknown> {
  const { db } = makeClient(place);
  const batch = writeBatch(db);
  for (let index = 0; index < 5; index++) batch.set(doc(db, `batch/${index}`), { index });
  await batch.commit();
  const failing = writeBatch(db).delete(doc(db, 'batch/0')).update(doc(db, 'batch/none'), { a: 1 });
  const failed = await codeOf(failing.commit());
  return { failed, left: (await getDocs(collection(db, 'batch'))).size };
}

/** Two clients add to one document at once; each sees the other's work. */
export async function transactions(place: Place): Promise<unknown> {
  const clients = [makeClient(place), makeClient(place)] as const;
  const path = 'open/counter';
  await setDoc(doc(clients[0].db, path), { total: 0 });
  const add = ({ db }: { db: (typeof clients)[0]['db'] }) =>
    runTransaction(db, async (transaction) => {
      const snapshot = await transaction.get(doc(db, path));
      transaction.update(snapshot.ref, { total: snapshot.get('total') + 1 });
    });
  await Promise.all([add(clients[0]), add(clients[1]), add(clients[0]), add(clients[1])]);
  const given = await codeOf(
    runTransaction(clients[0].db, async (transaction) => {
      await transaction.get(doc(clients[0].db, path));
      throw Object.assign(new Error('changed my mind'), { code: 'mine' });
    }),
  );
  return { total: (await getDoc(doc(clients[1].db, path))).get('total'), given };
}

export async function queries(place: Place): Promise<unknown> {
  const { db } = makeClient(place);
  const items = collection(db, 'items');
  const batch = writeBatch(db);
  for (let index = 0; index < 10; index++) {
    batch.set(doc(items, `i${index}`), { n: index, even: index % 2 === 0, tags: [`t${index % 3}`] });
  }
  batch.set(doc(db, 'open/parent/items/below'), { n: 100 });
  await batch.commit();
  const ids = async (...parts: Parameters<typeof query> extends [unknown, ...infer Rest] ? Rest : never) =>
    (await getDocs(query(items, ...parts))).docs.map(({ id }) => id).join(' ');
  const odd = where('even', '==', false);
  const group = query(collectionGroup(db, 'items'), where('n', '>=', 9), orderBy('n'));
  const totals = await getAggregateFromServer(query(items, odd), {
    count: count(),
    sum: sum('n'),
    average: average('n'),
  });
  return {
    odd: await ids(odd, orderBy('n', 'desc'), limit(3)),
    range: await ids(where('n', '>', 2), where('n', '<=', 5)),
    tags: await ids(where('tags', 'array-contains-any', ['t0', 't9'])),
    among: await ids(where('n', 'in', [1, 8, 50])),
    after: await ids(orderBy('n'), startAfter(6), limit(2)),
    group: (await getDocs(group)).docs.map(({ ref }) => ref.path),
    totals: totals.data(),
  };
}
