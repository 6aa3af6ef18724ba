import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startFirestoreEmulator as startGoogles } from '../emulators/google/firestore.ts';
import { startOurs } from '../emulators/own-process.ts';
import { startChild } from '../emulators/processes/child.ts';
import { ownerClient } from '../test/helpers/firestore-emulators.ts';
import { whyNoGoogleEmulators } from '../test/helpers/google-emulators.ts';
import { descendantsCpu } from './firestore-writes/descendants-cpu.ts';
import { BATCH, batchWriter, bulkWriter, encodedWriter, type Write } from './firestore-writes/writers.ts';

const USAGE = `Usage: node bench/firestore-writes.bench.ts [--documents N] [--rounds N] [--json]

Documents a second that are written: this project's Firestore emulator against Google's, each a process of its own, in
turns, and against a gRPC server that does nothing, which is what the client and the transport allow at most. In batches
of ${BATCH}, four at a time: as requests encoded beforehand over four connections, which shows the emulator alone, and by
the official client, which needs a processor for itself; and by its bulk writer. The best of the rounds, after one to
warm up; and, on Linux, the processor time that the servers used for a document in all of them.
  --documents N   per round; default 5000
  --rounds N      that count; default 5
`;
const AIM = 5;
const PROJECT = 'demo-bench';

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
/** Whole batches. */
const documents = Math.ceil(Number(values.documents) / BATCH) * BATCH;
process.env.METADATA_SERVER_DETECTION = 'none';
const why = await whyNoGoogleEmulators();
if (why) process.stderr.write(`Google's emulator is not measured: ${why}\n`);

type Name = 'ours' | "Google's" | 'a server that does nothing';
interface Server {
  readonly name: Name;
  readonly host: string;
  close(): Promise<void>;
}
const servers = await Promise.all([
  startOurs('firestore', {}).then((emulator) => serverOf('ours', emulator)),
  startBare().then((bare) => serverOf('a server that does nothing', bare)),
  ...(why ? [] : [startGoogles({ project: PROJECT }).then((emulator) => serverOf("Google's", emulator))]),
]);
try {
  const encoded = await measure('encoded', ({ host }) => encodedWriter(host));
  report('batches of 500, encoded beforehand', encoded);
  report('batches of 500 by the official client', await measure('batched', official(batchWriter)));
  const noBare = (name: Name): boolean => name !== 'a server that does nothing';
  report('its bulk writer', await measure('bulk', official(bulkWriter), noBare));
} finally {
  await Promise.all(servers.map(({ close }) => close()));
}

function serverOf(name: Name, { url, close }: { readonly url: string; close(): Promise<void> }): Server {
  return { name, host: new URL(url).host, close };
}

function startBare(): Promise<{ readonly url: string; close(): Promise<void> }> {
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

interface Writer {
  readonly write: Write;
  close(): unknown;
}

function official(writerOf: (db: ReturnType<typeof ownerClient>) => Write): (server: Server) => Writer {
  return ({ host }) => {
    const db = ownerClient(host, PROJECT);
    return { write: writerOf(db), close: () => db.terminate() };
  };
}

interface Measured {
  /** Documents a second, in the best of the rounds. */
  readonly rate: number;
  /** Microseconds of the server's processor time for a document. */
  readonly cpu: number | undefined;
}

/** The servers take turns, so that what else the machine does strikes all. */
async function measure(
  what: string,
  writerOf: (server: Server) => Writer,
  concerns: (name: Name) => boolean = () => true,
): Promise<ReadonlyMap<Name, Measured>> {
  const writers = servers
    .filter(({ name }) => concerns(name))
    .map((server) => ({ name: server.name, ...writerOf(server) }));
  const rounds = new Map<Name, { seconds: number; cpu: number }[]>();
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const { name, write } of writers) {
      const before = descendantsCpu() ?? Number.NaN;
      const seconds = await write(`${what}-${round}`, documents);
      // Whoever is not being written to is idle.
      const cpu = (descendantsCpu() ?? Number.NaN) - before;
      if (round > 0) rounds.set(name, [...(rounds.get(name) ?? []), { seconds, cpu }]);
    }
  }
  await Promise.all(writers.map((writer) => writer.close()));
  return new Map([...rounds].map(([name, each]) => [name, summary(each)]));
}

function summary(rounds: readonly { readonly seconds: number; readonly cpu: number }[]): Measured {
  const cpu = rounds.reduce((sum, each) => sum + each.cpu, 0) / (rounds.length * documents);
  return {
    rate: Math.round(documents / Math.min(...rounds.map(({ seconds }) => seconds))),
    cpu: Number.isNaN(cpu) ? undefined : Number((cpu * 1e6).toFixed(1)),
  };
}

function report(what: string, measured: ReadonlyMap<Name, Measured>): void {
  const own = measured.get('ours');
  for (const [name, other] of measured) {
    if (own === undefined || name === 'ours') continue;
    const title = `Firestore emulator, ${what}`;
    const met = own.rate / other.rate >= AIM;
    tell({
      name: title,
      value: own.rate,
      unit: 'documents/s',
      against: `${name}, ${other.rate}`,
      ratio: Number((own.rate / other.rate).toFixed(2)),
      ...(name === "Google's" ? { aim: AIM, met } : {}),
    });
    if (own.cpu === undefined || other.cpu === undefined) continue;
    tell({
      name: `${title}, processor time`,
      value: own.cpu,
      unit: 'µs/document',
      against: `${name}, ${other.cpu}`,
      ratio: Number((own.cpu / other.cpu).toFixed(2)),
    });
  }
}

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly against: string;
  readonly ratio: number;
  readonly aim?: number;
  readonly met?: boolean;
}

function tell(row: Row): void {
  const { name, value, unit, against, ratio, aim, met } = row;
  const aimed = aim === undefined ? '' : `; aim ${aim}: ${met ? 'met' : 'not met'}`;
  process.stdout.write(
    values.json
      ? `${JSON.stringify(row)}\n`
      : `${name}: ${value} ${unit}, ${ratio} times ${against}${aimed}\n`,
  );
}
