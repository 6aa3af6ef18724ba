import type { BigQuery, TableField } from '@google-cloud/bigquery';
import { expect, test } from 'vitest';
import { rawTable, TABLES, type Table } from '../../shared/pipeline.ts';
import { applyWarehouse } from './apply.ts';
import { readViews } from './views.ts';

interface Stored {
  schema?: { fields: TableField[] };
  view?: { query: string };
}

/** Datasets and tables in memory, which refuse what exists as the service does; a view has its table's columns of when it was set. */
function fakeBigQuery() {
  const datasets = new Set<string>();
  const tables = new Map<string, Stored>();
  const set = (name: string, metadata: Stored): void => {
    const fields = metadata.view && tables.get(rawTable(name as Table))?.schema?.fields;
    tables.set(
      name,
      structuredClone({ ...tables.get(name), ...metadata, ...(fields && { schema: { fields } }) }),
    );
  };
  const exists = () => Object.assign(new Error('Already Exists'), { code: 409 });
  const bigquery = {
    getProjectId: async () => 'my-project',
    createDataset: async (name: string) => {
      if (datasets.has(name)) throw exists();
      datasets.add(name);
    },
    dataset: () => ({
      createTable: async (name: string, metadata: Stored) => {
        if (tables.has(name)) throw exists();
        set(name, metadata);
      },
      table: (name: string) => ({
        getMetadata: async () => [structuredClone(tables.get(name))],
        setMetadata: async (metadata: Stored) => set(name, metadata),
      }),
    }),
  } as unknown as BigQuery;
  return { bigquery, datasets, tables };
}

const options = { dataset: 'shop', location: 'EU' };
const views = (await readViews('my-project', 'shop')).map(({ name }) => name);
const everything = [...Object.values(TABLES).map(rawTable), ...views].sort();

test('creates what is missing, and a second time changes nothing', async () => {
  const { bigquery, datasets, tables } = fakeBigQuery();
  const first = await applyWarehouse({ bigquery, ...options });
  expect(first.created.toSorted()).toEqual(everything);
  expect([...datasets]).toEqual(['shop']);
  expect(tables.get('events')?.view?.query).toContain('`my-project.shop.events_raw`');
  expect(await applyWarehouse({ bigquery, ...options })).toEqual({ created: [], updated: [] });
});

test('adds new columns, nested ones too, and keeps columns of others', async () => {
  const { bigquery, tables } = fakeBigQuery();
  await applyWarehouse({ bigquery, ...options });
  const events = tables.get('events_raw');
  const declared = events?.schema?.fields ?? [];
  const older = declared
    .filter((column) => column.name !== 'search_term')
    .map((column) =>
      column.name === 'items'
        ? { ...column, fields: (column.fields ?? []).filter(({ name }) => name !== 'in_stock') }
        : column,
    );
  for (const name of ['events_raw', 'events']) {
    tables.set(name, {
      ...tables.get(name),
      schema: { fields: [...older, { name: 'theirs', type: 'STRING' }] },
    });
  }

  expect(await applyWarehouse({ bigquery, ...options })).toEqual({
    created: [],
    updated: ['events_raw', 'events'],
  });
  const fields = tables.get('events_raw')?.schema?.fields ?? [];
  expect(fields.map(({ name }) => name)).toEqual([...older.map(({ name }) => name), 'theirs', 'search_term']);
  const items = fields.find(({ name }) => name === 'items');
  expect(items?.fields?.at(-1)?.name).toBe('in_stock');
});

test('a view learns of a column that came with a run which ended before it', async () => {
  const { bigquery, tables } = fakeBigQuery();
  await applyWarehouse({ bigquery, ...options });
  const { view, schema } = tables.get('events') ?? {};
  const whole = schema?.fields ?? [];
  for (const fields of [
    whole.filter(({ name }) => name !== 'search_term'),
    whole.map((column) => (column.name === 'items' ? { ...column, fields: [] } : column)),
  ]) {
    tables.set('events', { ...(view && { view }), schema: { fields } });
    expect(await applyWarehouse({ bigquery, ...options })).toEqual({ created: [], updated: ['events'] });
    expect(tables.get('events')?.schema?.fields).toEqual(whole);
  }
});

test('replaces a view that differs', async () => {
  const { bigquery, tables } = fakeBigQuery();
  await applyWarehouse({ bigquery, ...options });
  tables.set('events', { view: { query: 'SELECT 1' } });
  expect(await applyWarehouse({ bigquery, ...options })).toEqual({ created: [], updated: ['events'] });
  expect(tables.get('events')?.view?.query).toContain('events_raw');
});

test('any other refusal is thrown', async () => {
  const { bigquery } = fakeBigQuery();
  const denied = Object.assign(new Error('Access Denied'), { code: 403 });
  const refusing = { ...bigquery, createDataset: () => Promise.reject(denied) } as unknown as BigQuery;
  await expect(applyWarehouse({ bigquery: refusing, ...options })).rejects.toThrow('Access Denied');
});
