import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { memoryLedger } from '../functions/load/fixtures.ts';
import { fileSource } from '../functions/load/formats/byte-source.ts';
import { makeLoad } from '../functions/load/load.ts';
import { LoadTask } from '../functions/load/load-task.ts';
import { loadSources } from '../functions/load/sources.ts';
import { silentLogger } from '../shared/log.ts';
import { packChunks } from '../shared/message.ts';
import { writeEvents } from './load/events-file.ts';
import { benchmark } from './tools/benchmark.ts';
import type { Part } from './tools/part.ts';

const AIM = 0.5;
const MAX_MEGABYTES = 256;

await benchmark({
  script: import.meta.url,
  about: `
Megabytes a second that load brings from a file of events, NDJSON, to messages ready to be published, against a program
that only inflates, splits lines and parses JSON; both in processes of their own, in turns, each reading the file once to
warm up. Memory is the load's peak.`,
  options: {
    megabytes: [80, 'of the file, inflated'],
    plain: [false, 'only the file that is not compressed'],
    gzip: [false, 'only the compressed file'],
  },
  parts: {
    ceiling:
      async (_values, [path = '']) =>
      () =>
        ceiling(path),
    load:
      async (_values, [path = '']) =>
      () =>
        load(path),
  },
  async measure({ values, part, inTurns, tell }) {
    const folder = mkdtempSync(join(tmpdir(), 'nextclick-bench-'));
    try {
      for (const [form, file] of [
        ['NDJSON', 'events.ndjson'] as const,
        ['NDJSON.gz', 'events.ndjson.gz'] as const,
      ]) {
        if (values.gzip !== values.plain && values.gzip !== file.endsWith('.gz')) continue;
        const path = join(folder, file);
        const { bytes, records } = await writeEvents(path, values.megabytes * 1e6);
        const turns = await inTurns(
          () => part('load', path),
          () => part('ceiling', path),
        );
        for (const { ours } of turns) {
          if (ours.count !== records) throw new Error(`${ours.count} of ${records} records were loaded`);
        }
        const speed = ({ cpu }: Part): number => bytes / 1e6 / cpu;
        tell({
          name: `load, ${form}`,
          unit: 'MB/s of processor time, inflated',
          against: 'inflate, split lines, JSON.parse',
          rounds: turns.map(({ ours, theirs }) => ({ ours: speed(ours), theirs: speed(theirs) })),
          aim: AIM,
          better: 'more',
        });
        tell({
          name: `load, ${form}: memory`,
          unit: `MB at most, of a file of ${Math.round(statSync(path).size / 1e6)} MB`,
          against: 'what a function of 512 MB can spare, MB',
          rounds: turns.map(({ ours }) => ({ ours: ours.rss, theirs: MAX_MEGABYTES })),
          aim: 1,
          better: 'less',
        });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
});

/** The least work any program must do. */
async function ceiling(path: string): Promise<number> {
  const bytes = createReadStream(path);
  const input = path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  let records = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '' && (JSON.parse(line) as object)) records += 1;
  }
  return records;
}

/** The function's core, its stores in memory; what it publishes is encoded and thrown away. */
async function load(path: string): Promise<number> {
  const source = await fileSource(path);
  const stored = { ...source, checksum: undefined, createdAt: Date.now() };
  let records = 0;
  const tasks: LoadTask[] = [];
  const core = makeLoad({
    identity: { name: 'load', version: 'bench' },
    objects: { find: async () => stored, reject: async () => undefined },
    sources: loadSources(),
    ledger: memoryLedger().ledger,
    publisher: {
      publish: async (_topic, events) => void tasks.push(...LoadTask.array().parse(events)),
      publishChunks: async (_topic, chunks) => {
        for (const { count } of packChunks(chunks)) records += count;
      },
    },
    products: { upsert: async () => undefined },
    staging: {
      open: () => ({ write: async () => undefined, commit: async () => undefined, abort: () => undefined }),
      load: async () => undefined,
      discard: async () => undefined,
    },
    cleaning: () => ({ schema: undefined as never, handle: async () => ({ out: 0 }) }),
    limits: { chunkBytes: 32 * 1024 * 1024, runMs: 240_000, maxBadShare: 0.5, concurrency: 4 },
  });
  const context = { outgoing: {}, log: silentLogger };
  await core.onObject({ bucket: 'inbox', name: 'native/bench.ndjson', generation: '1' }, context);
  for (let task = tasks.shift(); task; task = tasks.shift()) await core.onTask(task, context);
  return records;
}
