import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BigQuery } from '@google-cloud/bigquery';
import { makeAppendConnection } from '../functions/warehouse/append-connection.ts';
import { makeRowEncoder } from '../functions/warehouse/row-encoder.ts';
import { makeStreamOpener } from '../functions/warehouse/storage-write.ts';
import { TABLE_DEFINITIONS } from '../infra/bigquery/tables.ts';

const USAGE = `Usage: node bench/bigquery-append.bench.ts [--rows N] [--batch N] [--json]

Rows per second that one connection appends to the BigQuery emulator (in a process of its own), events as the
warehouse function writes them, until each is acknowledged.
  --rows N    rows in all; default 100000
  --batch N   rows per request; default 100
`;
const AIM = 20_000;
const IN_FLIGHT_BYTES = 8_000_000;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    batch: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const [total, batch] = [Number(values.rows), Number(values.batch)];

process.env.METADATA_SERVER_DETECTION = 'none';
const emulator = spawn(
  process.execPath,
  [fileURLToPath(new URL('../emulators/serve.ts', import.meta.url)), 'bigquery'],
  { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
);
try {
  const { url, env } = await new Promise<{ url: string; env: Record<string, string> }>((resolve, reject) => {
    emulator.once('message', (message) => resolve((message as { ready: never }).ready));
    emulator.once('exit', () => reject(new Error('the BigQuery emulator did not start')));
  });
  const { name, schema } = TABLE_DEFINITIONS.events;
  const bigquery = new BigQuery({ projectId: 'demo-bench', apiEndpoint: url });
  const [dataset] = await bigquery.createDataset('bench');
  const [table] = await dataset.createTable(name, { schema: { fields: [...schema.fields] as never } });

  const { descriptor, encode } = makeRowEncoder(schema.fields);
  const rows = Array.from({ length: total }, (_, index) => encode(event(index)));
  const connection = makeAppendConnection({
    open: makeStreamOpener('demo-bench', env.BIGQUERY_WRITE_EMULATOR_HOST),
    deadlineMs: 60_000,
    maxInFlightBytes: IN_FLIGHT_BYTES,
  });
  const writeStream = `projects/demo-bench/datasets/bench/tables/${name}/streams/_default`;
  const started = performance.now();
  const answers: Promise<readonly unknown[]>[] = [];
  for (let at = 0; at < total; at += batch) {
    const slice = rows.slice(at, at + batch);
    const bytes = slice.reduce((sum, row) => sum + row.length, 0);
    answers.push(connection.append({ writeStream, descriptor, rows: slice, bytes }));
  }
  const errors = (await Promise.all(answers)).flat();
  const seconds = (performance.now() - started) / 1000;
  connection.close();
  const [metadata] = await table.getMetadata();
  if (errors.length > 0 || Number(metadata.numRows) !== total) {
    throw new Error(`${metadata.numRows} of ${total} rows arrived; ${errors.length} errors`);
  }
  report(Math.round(total / seconds), batch);
} finally {
  emulator.kill();
}

/** An event with about as many fields as a real one has. */
function event(index: number): object {
  const at = new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString();
  return {
    event_id: `event-${index}`,
    event_name: 'view_item',
    event_time: at,
    received_at: at,
    ingested_at: at,
    enriched_at: at,
    user_key: `user-${index % 1000}`,
    visitor_id: `visitor-${index % 1000}`,
    session_id: `session-${index % 5000}`,
    source: 'native',
    origin: 'live',
    page: { url: `https://shop.example/p/${index % 300}`, title: 'A product' },
    consent: { analytics: true, personalization: true },
    items: [{ item_id: `item-${index % 300}`, item_name: 'A product', price: 12.5, quantity: 1 }],
  };
}

function report(rate: number, size: number): void {
  const row = {
    name: `BigQuery emulator, append by one connection, ${size} rows a request`,
    value: rate,
    unit: 'rows/s',
    against: AIM,
    ratio: Number((rate / AIM).toFixed(3)),
    aim: AIM,
    met: rate >= AIM,
  };
  process.stdout.write(
    values.json
      ? `${JSON.stringify(row)}\n`
      : `${row.name}: ${rate} ${row.unit}, aim ${AIM}: ${row.met ? 'met' : 'not met'}\n`,
  );
}
