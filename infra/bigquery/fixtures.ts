import { BigQuery } from '@google-cloud/bigquery';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { EnrichedEvent, Recommendation } from '../../shared/events.ts';
import { rawTable, TABLES } from '../../shared/pipeline.ts';
import { applyWarehouse } from './apply.ts';

/** For tests: the moment that offsets count from. */
const START = Date.parse('2026-11-20T10:00:00.000Z');

/** A time some minutes after 10 o'clock on 20 November 2026. */
export const minute = (minutes: number): string => new Date(START + minutes * 60_000).toISOString();

/** An event at a minute, of the visitor `ada` in the session `s1`. */
export function event(
  event_id: string,
  event_name: string,
  minutes: number,
  fields: Partial<EnrichedEvent> = {},
): EnrichedEvent {
  return {
    event_id,
    event_name,
    event_time: minute(minutes),
    received_at: minute(minutes),
    enriched_at: minute(minutes),
    origin: 'live',
    protocol: 'native',
    user_key: fields.visitor_id ?? 'ada',
    visitor_id: 'ada',
    session_id: 's1',
    items: [],
    page: {},
    traffic: { channel: 'direct' },
    device: { category: 'desktop', is_bot: false },
    geo: {},
    consent: { analytics: true, personalization: true },
    schema_version: 1,
    ...fields,
  };
}

export const items = (...ids: readonly string[]): EnrichedEvent['items'] =>
  ids.map((item_id) => ({ item_id, in_catalog: true }));

/** A line of an order. */
export const line = (item_id: string, price: number, quantity = 1): EnrichedEvent['items'][number] => ({
  item_id,
  price,
  quantity,
  in_catalog: true,
});

/** A recommendation made at a minute, for the visitor `ada`. */
export function recommendation(
  recommendation_id: string,
  minutes: number,
  ids: readonly string[],
  fields: Partial<Recommendation> = {},
): Recommendation {
  return {
    recommendation_id,
    user_key: fields.visitor_id ?? 'ada',
    visitor_id: 'ada',
    generated_at: minute(minutes),
    trigger: {
      event_id: `trigger of ${recommendation_id}`,
      event_name: 'view_item',
      event_time: minute(minutes),
      received_at: minute(minutes),
    },
    items: ids.map((item_id) => ({ item_id, score: 1, reason: '' })),
    source: 'model',
    model_version: 'm1',
    ...fields,
  };
}

/** A warehouse as deployed, on the emulator, by the official client. */
export interface TestWarehouse {
  add(rows: {
    readonly events?: readonly EnrichedEvent[];
    readonly recommendations?: readonly Recommendation[];
  }): Promise<void>;
  /** Rows as the client gives them; names without a dataset mean the warehouse's. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function openTestWarehouse(): Promise<TestWarehouse> {
  const dataset = 'nextclick';
  const emulator = await startBigQueryEmulator();
  const bigquery = new BigQuery({ projectId: 'demo-views', apiEndpoint: emulator.url });
  await applyWarehouse({ bigquery, dataset, location: 'EU' });
  return {
    async add({ events = [], recommendations = [] }) {
      const tables = bigquery.dataset(dataset);
      if (events.length > 0) await tables.table(rawTable(TABLES.events)).insert([...events]);
      if (recommendations.length > 0) {
        await tables.table(rawTable(TABLES.recommendations)).insert([...recommendations]);
      }
    },
    async query(sql) {
      const defaultDataset = { datasetId: dataset, projectId: 'demo-views' };
      const [rows] = await bigquery.query({ query: sql, defaultDataset });
      return rows as Record<string, unknown>[];
    },
    close: () => emulator.close(),
  };
}
