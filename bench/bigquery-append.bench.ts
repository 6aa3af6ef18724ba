import { BigQuery } from '@google-cloud/bigquery';
import { startOurs } from '../emulators/own-process.ts';
import { makeAppendConnection } from '../functions/warehouse/append-connection.ts';
import { makeRowEncoder } from '../functions/warehouse/row-encoder.ts';
import { makeStreamOpener } from '../functions/warehouse/storage-write.ts';
import { TABLE_DEFINITIONS } from '../infra/bigquery/tables.ts';
import { benchmark } from './tools/benchmark.ts';

const FAST = 20_000;
const IN_FLIGHT_BYTES = 8_000_000;
const { name: TABLE, schema } = TABLE_DEFINITIONS.events;

process.env.METADATA_SERVER_DETECTION = 'none';
await benchmark({
  script: import.meta.url,
  about: `
Rows a second that one connection appends to the BigQuery emulator (in a process of its own), events as the warehouse function
writes them, until each is acknowledged.`,
  options: { rows: [50_000, 'of each round'], batch: [100, 'rows of a request'] },
  async measure({ values, repeat, tell }) {
    const emulator = await startOurs('bigquery', {});
    try {
      const bigquery = new BigQuery({ projectId: 'demo-bench', apiEndpoint: emulator.url });
      const { descriptor, encode } = makeRowEncoder(schema.fields);
      const rows = Array.from({ length: values.rows }, (_, index) => encode(event(index)));
      let datasets = 0;
      const rates = await repeat(async () => {
        datasets += 1;
        const dataset = `round_${datasets}`;
        await bigquery.createDataset(dataset);
        const table = await createTable(bigquery, dataset);
        const host = emulator.env.BIGQUERY_WRITE_EMULATOR_HOST;
        const seconds = await append({ dataset, descriptor, rows, batch: values.batch, host });
        const [{ numRows }] = await table.getMetadata();
        if (Number(numRows) !== values.rows) throw new Error(`${numRows} of ${values.rows} rows arrived`);
        return values.rows / seconds;
      });
      tell({
        name: `BigQuery emulator, append by one connection, ${values.batch} rows a request`,
        unit: 'rows/s',
        against: 'what it is to take at least',
        rounds: rates.map((ours) => ({ ours, theirs: FAST })),
        aim: 1,
        better: 'more',
      });
    } finally {
      await emulator.close();
    }
  },
});

async function createTable(bigquery: BigQuery, dataset: string) {
  const [table] = await bigquery
    .dataset(dataset)
    .createTable(TABLE, { schema: { fields: [...schema.fields] as never } });
  return table;
}

interface Append {
  readonly dataset: string;
  readonly descriptor: ReturnType<typeof makeRowEncoder>['descriptor'];
  readonly rows: readonly Uint8Array[];
  readonly batch: number;
  readonly host: string | undefined;
}

/** Answers in how many seconds. @throws Error where a row is refused */
async function append({ dataset, descriptor, rows, batch, host }: Append): Promise<number> {
  const connection = makeAppendConnection({
    open: makeStreamOpener('demo-bench', host),
    deadlineMs: 60_000,
    maxInFlightBytes: IN_FLIGHT_BYTES,
  });
  const writeStream = `projects/demo-bench/datasets/${dataset}/tables/${TABLE}/streams/_default`;
  const began = performance.now();
  const answers: Promise<readonly unknown[]>[] = [];
  for (let at = 0; at < rows.length; at += batch) {
    const slice = rows.slice(at, at + batch);
    const bytes = slice.reduce((sum, row) => sum + row.length, 0);
    answers.push(connection.append({ writeStream, descriptor, rows: slice, bytes }));
  }
  const errors = (await Promise.all(answers)).flat();
  const seconds = (performance.now() - began) / 1000;
  connection.close();
  if (errors.length > 0) throw new Error(`${errors.length} rows were refused`);
  return seconds;
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
