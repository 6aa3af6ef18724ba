import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Firestore } from '@google-cloud/firestore';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { startFirestoreEmulator as startGoogles } from '../emulators/google/firestore.ts';
import { loadProtos } from '../emulators/protos.ts';
import { ownerClient } from '../test/helpers/firestore-emulators.ts';
import { whyNoGoogleEmulators } from '../test/helpers/google-emulators.ts';

const USAGE = `Usage: node bench/firestore-writes.bench.ts [--documents N] [--json]

Documents a second that are written: this project's Firestore emulator against Google's, each a process of its own. In
batches of 500, two at a time: as requests encoded beforehand, which shows the emulator alone, and by the official client,
which needs most of a processor for itself; and by its bulk writer. The best of three rounds, after one to warm up.
  --documents N   per round; default 5000
`;
const AIM = 5;
const BATCH = 500;
const AT_A_TIME = 2;
const COMMIT = '/google.firestore.v1.Firestore/Commit';

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '5000' },
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
const protos = loadProtos('@google-cloud/firestore/build/protos/v1.json');
process.env.METADATA_SERVER_DETECTION = 'none';

interface Rates {
  readonly encoded: number;
  readonly batched: number;
  readonly bulk: number;
}
const own = await rates(startOwn);
const why = await whyNoGoogleEmulators();
if (why) process.stderr.write(`Google's emulator is not measured: ${why}\n`);
const googles = why ? undefined : await rates(() => startGoogles({ project: 'demo-bench' }));
report('batches of 500, encoded beforehand', own.encoded, googles?.encoded);
report('batches of 500', own.batched, googles?.batched);
report('bulk writer', own.bulk, googles?.bulk);

async function rates(start: () => Promise<{ readonly url: string; close(): Promise<void> }>): Promise<Rates> {
  const emulator = await start();
  const db = ownerClient(new URL(emulator.url).host, 'demo-bench');
  try {
    return {
      encoded: await bestEncoded(new URL(emulator.url).host),
      batched: await best((round) => writeBatches(db, `batched-${round}`)),
      bulk: await best((round) => writeInBulk(db, `bulk-${round}`)),
    };
  } finally {
    await db.terminate();
    await emulator.close();
  }
}

/** Documents a second in the best of three rounds, after one that warms up. */
async function best(write: (round: number) => Promise<void>): Promise<number> {
  const seconds: number[] = [];
  for (const round of [0, 1, 2, 3]) {
    const began = performance.now();
    await write(round);
    seconds.push((performance.now() - began) / 1000);
  }
  return Math.round(documents / Math.min(...seconds.slice(1)));
}

/** Takes from a list, some at a time, until it is empty. */
async function drain<T>(items: T[], take: (item: T) => Promise<unknown>): Promise<void> {
  const next = async (): Promise<void> => {
    for (let item = items.shift(); item !== undefined; item = items.shift()) await take(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, next));
}

async function bestEncoded(host: string): Promise<number> {
  const client = new Client(host, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', 'Bearer owner');
  const commit = (request: Buffer) =>
    new Promise<void>((resolve, reject) => {
      const pass = (bytes: Buffer): Buffer => bytes;
      client.makeUnaryRequest(COMMIT, pass, pass, request, metadata, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  const rounds = [0, 1, 2, 3].map((round) => encodedBatches(`encoded-${round}`));
  try {
    return await best((round) => drain(rounds[round] ?? [], commit));
  } finally {
    client.close();
  }
}

/** The very bytes that the official client sends. */
function encodedBatches(collection: string): Buffer[] {
  const database = 'projects/demo-bench/databases/(default)';
  return Array.from({ length: documents / BATCH }, (_, batch) =>
    protos.message('google.firestore.v1.CommitRequest', {
      database,
      writes: Array.from({ length: BATCH }, (_, index) => ({
        update: {
          name: `${database}/documents/${collection}/visitor-${batch * BATCH + index}`,
          fields: readable(profile(batch * BATCH + index)).mapValue?.fields,
        },
      })),
    }),
  );
}

interface Readable {
  readonly mapValue?: { readonly fields: Readonly<Record<string, object>> };
}

/** A value as google.firestore.v1.Value has it. */
function readable(value: unknown): Readable {
  if (typeof value === 'string') return { stringValue: value } as Readable;
  if (typeof value === 'number') return { doubleValue: value } as Readable;
  if (value instanceof Date)
    return { timestampValue: { seconds: Math.floor(value.getTime() / 1000) } } as Readable;
  if (Array.isArray(value)) return { arrayValue: { values: value.map(readable) } } as Readable;
  const entries = Object.entries(value as object).map(([key, each]) => [key, readable(each)] as const);
  return { mapValue: { fields: Object.fromEntries(entries) } };
}

async function writeBatches(db: Firestore, collection: string): Promise<void> {
  const starts = Array.from({ length: documents / BATCH }, (_, index) => index * BATCH);
  await drain(starts, (start) => {
    const batch = db.batch();
    for (let index = start; index < start + BATCH; index++) {
      batch.set(db.doc(`${collection}/visitor-${index}`), profile(index));
    }
    return batch.commit();
  });
  const { count } = (await db.collection(collection).count().get()).data();
  if (count !== documents) throw new Error(`${count} of ${documents} documents were written`);
}

async function writeInBulk(db: Firestore, collection: string): Promise<void> {
  const writer = db.bulkWriter({ throttling: false });
  for (let index = 0; index < documents; index++) {
    void writer.set(db.doc(`${collection}/visitor-${index}`), profile(index));
  }
  await writer.close();
}

/** About what a visitor's profile holds. */
function profile(index: number): object {
  return {
    user: `visitor-${index}`,
    first_seen: new Date(1_767_225_600_000 + index),
    events: Array.from({ length: 5 }, (_, event) => ({
      event_id: `event-${index}-${event}`,
      event_name: 'view_item',
      item_ids: [`item-${(index + event) % 300}`],
      value: 12.5,
    })),
  };
}

async function startOwn(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const serve = fileURLToPath(new URL('../emulators/serve.ts', import.meta.url));
  const child = spawn(process.execPath, [serve, 'firestore'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { ready: { url: string } }).ready.url));
    child.once('exit', () => reject(new Error('the Firestore emulator did not start')));
  });
  return { url, close: async () => void child.kill() };
}

function report(what: string, rate: number, against: number | undefined): void {
  const ratio = against === undefined ? undefined : Number((rate / against).toFixed(2));
  const met = ratio !== undefined && ratio >= AIM;
  const row = {
    name: `Firestore emulator, ${what}`,
    value: rate,
    unit: 'documents/s',
    against,
    ratio,
    aim: AIM,
    met,
  };
  process.stdout.write(
    values.json
      ? `${JSON.stringify(row)}\n`
      : `${row.name}: ${rate} ${row.unit}${against === undefined ? '' : ` against ${against}: ${ratio} times, aim ${AIM}: ${met ? 'met' : 'not met'}`}\n`,
  );
}
