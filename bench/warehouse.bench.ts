import { BigQuery } from '@google-cloud/bigquery';
import pLimit from 'p-limit';
import { startOurs } from '../emulators/own-process.ts';
import { applyWarehouse } from '../infra/bigquery/apply.ts';
import { benchmark } from './tools/benchmark.ts';
import type { Part } from './tools/part.ts';
import { type BenchMessage, enrichedMessages } from './warehouse/messages.ts';
import { insertAll, PROJECT, type StoreMessage, warehouseFunction } from './warehouse/writers.ts';

/** Messages that one instance of the function handles at a time. */
const AT_A_TIME = 16;

process.env.METADATA_SERVER_DETECTION = 'none';
await benchmark({
  script: import.meta.url,
  about: `
Rows that the warehouse function stores in a second of its processor time, from the message as Pub/Sub delivers it until the
BigQuery emulator (a process of its own) has acknowledged each, against a program that stores the same events of the same
messages by insertAll of @google-cloud/bigquery; ${AT_A_TIME} messages at a time, in turns.`,
  options: { events: [16_000, 'half of them to warm up'], batch: [100, 'events of a message'] },
  parts: {
    append: async ({ events, batch }, [dataset = '', , writeHost = '']) =>
      storeHalf(enrichedMessages(events, batch), warehouseFunction(dataset, writeHost)),
    insertAll: async ({ events, batch }, [dataset = '', url = '']) =>
      storeHalf(enrichedMessages(events, batch), insertAll(dataset, url)),
  },
  async measure({ values, part, inTurns, tell }) {
    const emulator = await startOurs('bigquery', {});
    try {
      const { url, env } = emulator;
      const bigquery = new BigQuery({ projectId: PROJECT, apiEndpoint: url });
      let datasets = 0;
      const stored = async (name: string): Promise<Part> => {
        datasets += 1;
        const dataset = `round_${datasets}`;
        await applyWarehouse({ bigquery, dataset, location: 'US' });
        const measured = await part(name, dataset, url, env.BIGQUERY_WRITE_EMULATOR_HOST ?? '');
        const [rows] = await bigquery.query(`SELECT COUNT(*) AS n FROM \`${dataset}.events_raw\``);
        if (rows[0]?.n !== values.events)
          throw new Error(`${rows[0]?.n} of ${values.events} rows by ${name}`);
        return measured;
      };
      const turns = await inTurns(
        () => stored('append'),
        () => stored('insertAll'),
      );
      const against = 'insertAll by @google-cloud/bigquery';
      const name = `warehouse, ${values.batch} events a message`;
      tell({
        name,
        unit: 'rows/s of processor time',
        against,
        rounds: turns.map(({ ours, theirs }) => ({
          ours: ours.count / ours.cpu,
          theirs: theirs.count / theirs.cpu,
        })),
        aim: 3,
        better: 'more',
      });
      tell({
        name: `${name}, by the clock`,
        unit: 'rows/s',
        against,
        rounds: turns.map(({ ours, theirs }) => ({
          ours: ours.count / ours.seconds,
          theirs: theirs.count / theirs.seconds,
        })),
        better: 'more',
      });
    } finally {
      await emulator.close();
    }
  },
});

function storeHalf(messages: readonly BenchMessage[], store: StoreMessage): (half: 0 | 1) => Promise<number> {
  const middle = Math.floor(messages.length / 2);
  return async (half) => {
    const mine = half === 0 ? messages.slice(0, middle) : messages.slice(middle);
    const limit = pLimit(AT_A_TIME);
    await Promise.all(mine.map(({ data }, index) => limit(() => store(data, index))));
    return mine.reduce((sum, { count }) => sum + count, 0);
  };
}
