import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { startFirestoreEmulator as startGoogles } from '../emulators/google/firestore.ts';
import { startOurs } from '../emulators/own-process.ts';
import { ownerClient } from '../emulators/owner-client.ts';
import { startChild } from '../emulators/processes/child.ts';
import { whyNoGoogleEmulators } from '../test/helpers/google-emulators.ts';
import { BATCH, batchWriter, bulkWriter, encodedWriter, type Write } from './firestore-writes/writers.ts';
import { benchmark } from './tools/benchmark.ts';
import { descendantsSeconds } from './tools/processor-time.ts';

const AIM = 5;
const PROJECT = 'demo-bench';

/** A server that takes commits, as a process of its own. */
interface Server {
  readonly url: string;
  close(): Promise<void>;
}

interface Writer {
  readonly write: Write;
  close(): unknown;
}

interface Way {
  readonly name: string;
  /** Of the documents, how many: the slowest way writes fewer. */
  readonly share: number;
  open(host: string): Writer;
}

/** How documents are written. */
const BATCHES: readonly Way[] = [
  { name: `batches of ${BATCH}, encoded beforehand`, share: 1, open: encodedWriter },
  { name: `batches of ${BATCH} by the official client`, share: 1, open: official(batchWriter) },
];
const WAYS: readonly Way[] = [
  ...BATCHES,
  { name: 'its bulk writer', share: 0.2, open: official(bulkWriter) },
];

process.env.METADATA_SERVER_DETECTION = 'none';
await benchmark({
  script: import.meta.url,
  about: `
Documents a second that are written: this project's Firestore emulator against Google's, each a process of its own, in turns,
and against a gRPC server that does nothing, which is what the client and the transport allow at most; each way with emulators
that have nothing yet. In batches of ${BATCH}, four
at a time: as requests encoded beforehand over four connections, which shows the emulator alone, and by the official client,
which needs a processor for itself; and by its bulk writer. On Linux also the processor time that the server used.`,
  options: { documents: [6_000, 'of each round, rounded up to whole batches'] },
  async measure({ values, inTurns, tell, skip }) {
    const why = await whyNoGoogleEmulators();
    if (why) skip(`Google's Firestore emulator: ${why}`);
    const peers = [
      { against: 'a server that does nothing', start: startBare, aim: undefined, ways: BATCHES },
      ...(why
        ? []
        : [{ against: "Google's", start: () => startGoogles({ project: PROJECT }), aim: AIM, ways: WAYS }]),
    ];
    for (const { against, start, aim, ways } of peers) {
      for (const way of ways) {
        const documents = Math.ceil((values.documents * way.share) / BATCH) * BATCH;
        const ours = await startOurs('firestore', {});
        const theirs = await start();
        const name = `Firestore emulator, ${way.name}`;
        try {
          const writers = { ours: way.open(hostOf(ours)), theirs: way.open(hostOf(theirs)) };
          const turns = await inTurns(
            () => measure(writers.ours, documents),
            () => measure(writers.theirs, documents),
            1,
          );
          await Promise.all([writers.ours.close(), writers.theirs.close()]);
          const rounds = turns.map((turn) => ({ ours: turn.ours.rate, theirs: turn.theirs.rate }));
          const aimed = aim === undefined ? {} : { aim };
          tell({ name, unit: 'documents/s', against, rounds, better: 'more', ...aimed });
          const times = turns.map((turn) => ({ ours: turn.ours.micros, theirs: turn.theirs.micros }));
          const timed = !times.some((time) => Number.isNaN(time.ours));
          const timedName = `${name}, processor time`;
          if (timed) tell({ name: timedName, unit: 'µs/document', against, rounds: times, better: 'less' });
        } finally {
          await Promise.all([ours.close(), theirs.close()]);
        }
      }
    }
  },
});

function hostOf({ url }: Server): string {
  return new URL(url).host;
}

function startBare(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const child = startChild({
      name: 'bare',
      args: [fileURLToPath(new URL('firestore-writes/bare-server.ts', import.meta.url)), String(BATCH)],
      onMessage: (message) =>
        resolve({ url: (message as { ready: { url: string } }).ready.url, close: child.stop }),
      onDeath: () => reject(new Error('the server that does nothing did not start')),
    });
  });
}

function official(writerOf: (db: ReturnType<typeof ownerClient>) => Write): (host: string) => Writer {
  return (host) => {
    const db = ownerClient(host, PROJECT);
    return { write: writerOf(db), close: () => db.terminate() };
  };
}

interface Measured {
  /** Documents a second. */
  readonly rate: number;
  /** Microseconds of the server's processor time for a document; NaN where the system does not tell. */
  readonly micros: number;
}

/** Writes new documents. Whatever other server there is, is idle meanwhile. */
async function measure({ write }: Writer, documents: number): Promise<Measured> {
  const before = descendantsSeconds() ?? Number.NaN;
  const seconds = await write(randomUUID(), documents);
  const used = (descendantsSeconds() ?? Number.NaN) - before;
  return { rate: documents / seconds, micros: (used / documents) * 1e6 };
}
