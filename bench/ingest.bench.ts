import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { freePorts } from '../emulators/processes/ports.ts';
import { type MeasuredProcess, startMeasured } from './tools/measured-process.ts';

const USAGE = `Usage: node bench/ingest.bench.ts [--seconds 5] [--rounds 3] [--json]

Requests that ingest takes, each answered after Pub/Sub has acknowledged it, against a bare functions-framework handler
that parses the same body: for single events and for batches of 20. Counted by second of CPU of the serving process, so
that whatever else the machine does does not enter; requests by second of the clock are told beside. The two take turns;
the median round counts.
  --seconds N   of each round, after as long to warm up; default 5
  --rounds N    default 3
`;
const AIM = 0.7;
const WRITE_KEY = 'k1';
const CONNECTIONS = 64;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const seconds = Number(values.seconds);

const pubsub = fork(fileURLToPath(new URL('ingest/pubsub.ts', import.meta.url)), { stdio: 'inherit' });
const [pubsubPort] = await once(pubsub, 'message');
const [ingestPort = 0, barePort = 0] = await freePorts(2);
const ingest = await startMeasured('../../functions/ingest/index.ts', 'ingest', ingestPort, {
  GOOGLE_CLOUD_PROJECT: 'demo-bench',
  METADATA_SERVER_DETECTION: 'none',
  PUBSUB_EMULATOR_HOST: `127.0.0.1:${pubsubPort}`,
  WRITE_KEYS: WRITE_KEY,
});
const bare = await startMeasured('bare-function.ts', 'bare', barePort, {});
try {
  for (const events of [1, 20]) {
    const body = JSON.stringify({ events: Array.from({ length: events }, (_, index) => eventOf(index)) });
    await Promise.all([load(ingest, body), load(bare, body)]);
    const rounds: { readonly ours: Rate; readonly theirs: Rate; readonly ratio: number }[] = [];
    for (let round = 0; round < Number(values.rounds); round += 1) {
      const theirs = await load(bare, body);
      const ours = await load(ingest, body);
      rounds.push({ ours, theirs, ratio: ours.byCpu / theirs.byCpu });
    }
    rounds.sort((a, b) => a.ratio - b.ratio);
    const median = rounds[Math.floor(rounds.length / 2)];
    if (median) report(events, body.length, median);
  }
} finally {
  ingest.close();
  bare.close();
  pubsub.disconnect();
}

interface Rate {
  /** Requests by second of CPU. */
  readonly byCpu: number;
  /** Requests by second. */
  readonly byClock: number;
}

/** @throws Error where a request fails */
async function load({ url, cpuSeconds }: MeasuredProcess, body: string): Promise<Rate> {
  const headers = { 'content-type': 'application/json', 'x-write-key': WRITE_KEY };
  const before = await cpuSeconds();
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [{ method: 'POST', path: '/v1/events', headers, body }],
  });
  const cpu = (await cpuSeconds()) - before;
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} requests to ${url} failed`);
  return { byCpu: result['2xx'] / cpu, byClock: result.requests.average };
}

function report(
  events: number,
  bytes: number,
  { ours, theirs, ratio }: { readonly ours: Rate; readonly theirs: Rate; readonly ratio: number },
): void {
  const row = {
    name: `ingest, ${events === 1 ? 'single events' : `batches of ${events}`}: requests by second of CPU`,
    value: Math.round(ours.byCpu),
    unit: 'requests/s',
    against: Math.round(theirs.byCpu),
    ratio: Number(ratio.toFixed(2)),
    aim: AIM,
    met: ratio >= AIM,
    by_clock: Math.round(ours.byClock),
    against_by_clock: Math.round(theirs.byClock),
    body_bytes: bytes,
    load_of_machine: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
  process.stdout.write(
    values.json
      ? `${JSON.stringify(row)}\n`
      : `${row.name} (${bytes} bytes): ${row.value}, a bare handler ${row.against}: ${row.ratio}, aim ${AIM}: ${row.met ? 'met' : 'not met'}; by the clock ${row.by_clock} and ${row.against_by_clock}\n`,
  );
}

/** An event as a shop's page sends it. */
function eventOf(index: number): object {
  return {
    event_id: `6f1cd1a8-3e0c-4f0f-9a50-${String(index).padStart(12, '0')}`,
    event_time: '2026-11-21T09:30:00.000Z',
    event_name: 'view_item',
    anonymous_id: 'b0e3d5c4-7b1a-4c1e-9a53-1f2e3d4c5b6a',
    session_id: 's-1732181400',
    page: {
      url: 'https://shop.example/shoes/trail?utm_source=news',
      referrer: 'https://news.example/',
      title: 'Trail shoe',
    },
    items: [
      { item_id: `sku-${index}`, item_name: 'Trail shoe', item_category: 'Shoes', price: 89.9, quantity: 1 },
    ],
    currency: 'EUR',
    properties: { colour: 'red', in_sale: true },
  };
}
