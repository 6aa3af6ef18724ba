import { doc, onSnapshot, setDoc } from 'firebase/firestore';
import { closeClients, makeClient, type Place } from '../../test/contract/firestore-web/client.ts';

/** Milliseconds after which a snapshot is taken for lost. */
const LOST_MS = 10_000;

/** Milliseconds from each write of one client to the snapshot that another is given; null where none came. */
export type MeasureLatency = (place: Place, writes: number) => Promise<readonly (number | null)[]>;

const measure: MeasureLatency = async (place, writes) => {
  const [writer, watcher] = [makeClient(place), makeClient(place)];
  const path = `latency/${crypto.randomUUID()}`;
  let arrived: (n: number) => void = () => undefined;
  const stop = onSnapshot(doc(watcher.db, path), (snapshot) => arrived(snapshot.get('n') ?? -1));
  const latencies: (number | null)[] = [];
  // The first opens the channels.
  for (let n = 0; n <= writes; n++) {
    const seen = new Promise<boolean>((resolve) => {
      arrived = (latest) => {
        if (latest === n) resolve(true);
      };
      setTimeout(resolve, LOST_MS, false);
    });
    const started = performance.now();
    const written = setDoc(doc(writer.db, path), { n, title: 'recommendations', items: ['a', 'b', 'c'] });
    const came = await seen;
    if (n > 0) latencies.push(came ? performance.now() - started : null);
    await written;
  }
  stop();
  await closeClients();
  return latencies;
};
Object.assign(globalThis, { measure });
