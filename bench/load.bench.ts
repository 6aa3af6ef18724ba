import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGunzip, createGzip } from 'node:zlib';
import { memoryLedger } from '../functions/load/fixtures.ts';
import { fileSource } from '../functions/load/formats/byte-source.ts';
import { makeLoad } from '../functions/load/load.ts';
import { LoadTask } from '../functions/load/load-task.ts';
import { loadSources } from '../functions/load/sources.ts';
import { silentLogger } from '../shared/log.ts';
import { packChunks } from '../shared/message.ts';

const USAGE = `Usage: node bench/load.bench.ts [--megabytes N] [--rounds N] [--gzip] [--json]

Megabytes a second that load brings from a file of events, NDJSON, to messages ready to be published, against a program
that only inflates, splits lines and parses JSON; both in processes of their own, in turns. Memory is the load's peak.
  --megabytes N   of the file, inflated; default 200
  --rounds N      rounds that count; default 3
  --gzip          the file is compressed
`;
const AIM = 0.5;
const MAX_MEGABYTES = 256;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    megabytes: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '3' },
    gzip: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    child: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else if (values.child === 'ceiling') await ceiling(positionals[0] ?? '');
else if (values.child === 'load') await load(positionals[0] ?? '');
else await compare();

/** The least work any program must do. */
async function ceiling(path: string): Promise<void> {
  const bytes = createReadStream(path);
  const input = path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  let records = 0;
  const started = process.cpuUsage();
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '' && (JSON.parse(line) as object)) records += 1;
  }
  report(records, started);
}

/** The function's core, its stores in memory; what it publishes is encoded and thrown away. */
async function load(path: string): Promise<void> {
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
  const started = process.cpuUsage();
  await core.onObject({ bucket: 'inbox', name: 'native/bench.ndjson', generation: '1' }, context);
  for (let task = tasks.shift(); task; task = tasks.shift()) await core.onTask(task, context);
  report(records, started);
}

function report(records: number, started: NodeJS.CpuUsage): void {
  process.stdout.write(
    JSON.stringify({
      records,
      cpuMs: process.cpuUsage(started).user / 1000,
      rss: process.resourceUsage().maxRSS / 1024,
    }),
  );
}

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nextclick-bench-'));
  try {
    const path = join(folder, values.gzip ? 'events.ndjson.gz' : 'events.ndjson');
    const { bytes, records } = await write(path, Number(values.megabytes) * 1e6);
    const rounds: { load: Run; ceiling: Run }[] = [];
    for (let round = 0; round <= Number(values.rounds); round += 1) {
      const pair = { ceiling: await run('ceiling', path), load: await run('load', path) };
      if (pair.load.records !== records)
        throw new Error(`${pair.load.records} of ${records} records were loaded`);
      if (round > 0) rounds.push(pair);
    }
    const speed = ({ cpuMs }: Run): number => bytes / 1e3 / cpuMs;
    const ratio = median(rounds.map((each) => speed(each.load) / speed(each.ceiling)));
    const memory = Math.max(...rounds.map((each) => each.load.rss));
    const form = values.gzip ? 'NDJSON.gz' : 'NDJSON';
    const rows = [
      {
        name: `load ${form}`,
        value: Math.round(median(rounds.map((each) => speed(each.load)))),
        unit: 'MB/s of CPU time, inflated',
        against: 'inflate, split lines, JSON.parse',
        ratio: Number(ratio.toFixed(2)),
        aim: AIM,
        met: ratio >= AIM,
      },
      {
        name: `load ${form}: memory`,
        value: Math.round(memory),
        unit: `MB at most, of a file of ${Math.round(statSync(path).size / 1e6)} MB`,
        against: `${MAX_MEGABYTES} MB`,
        ratio: Number((memory / MAX_MEGABYTES).toFixed(2)),
        aim: 1,
        met: memory <= MAX_MEGABYTES,
      },
    ];
    for (const row of rows) {
      process.stdout.write(
        values.json
          ? `${JSON.stringify(row)}\n`
          : `${row.name}: ${row.value} ${row.unit}; ${row.ratio} of ${row.against} (aim ${row.aim})\n`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Run {
  readonly records: number;
  readonly cpuMs: number;
  readonly rss: number;
}

async function run(kind: 'ceiling' | 'load', path: string): Promise<Run> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--child', kind, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  return JSON.parse(text) as Run;
}

/** Writes events of a shop until the file has so many bytes. */
async function write(path: string, bytes: number): Promise<{ bytes: number; records: number }> {
  let written = 0;
  let records = 0;
  const lines = function* (): Generator<string> {
    while (written < bytes) {
      let block = '';
      for (let n = 0; n < 500; n += 1) {
        block += `${JSON.stringify(event(records))}\n`;
        records += 1;
      }
      written += Buffer.byteLength(block);
      yield block;
    }
  };
  const out = createWriteStream(path);
  if (path.endsWith('.gz')) await pipeline(Readable.from(lines()), createGzip({ level: 3 }), out);
  else await pipeline(Readable.from(lines()), out);
  return { bytes: written, records };
}

function event(index: number): object {
  const item = (index * 7_919) % 5_000;
  return {
    event_id: `bench-${index}`,
    event_name: index % 20 === 0 ? 'add_to_cart' : 'view_item',
    event_time: new Date(1_760_000_000_000 + index * 50).toISOString(),
    anonymous_id: `visitor-${(index * 31) % 20_000}`,
    session_id: `session-${(index * 31) % 60_000}`,
    items: [
      {
        item_id: `sku-${item}`,
        item_name: `Product ${item}`,
        item_category: 'Shoes',
        price: (item % 100) + 0.99,
      },
    ],
    page: { url: `https://shop.example/p/${item}?utm_source=mail`, referrer: 'https://www.google.com/' },
  };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
