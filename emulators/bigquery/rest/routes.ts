import type { Context } from 'hono';
import type { Backend } from '../backend.ts';
import { formatRow } from '../jobs/result-page.ts';
import { checkResource } from './bodies.ts';
import { insertRows } from './insert-all.ts';
import { datasetResource, fieldsOf, metadataOf, tableResource, viewOf } from './resources.ts';
import { FORMAT, formatOf, PAGING, pageOf, param, type Route } from './route.ts';

type Body = Readonly<Record<string, unknown>>;

/** Projects, datasets, tables and their rows. */
export function makeRoutes(backend: Backend): readonly Route[] {
  const datasetRef = (context: Context) => ({
    project: param(context, 'projectId'),
    dataset: param(context, 'datasetId'),
  });
  const tableRef = (context: Context) => ({ ...datasetRef(context), table: param(context, 'tableId') });
  const updateTable = (context: Context, body: Body, keep: boolean) => {
    checkResource(body);
    const ref = tableRef(context);
    const current = backend.table(ref);
    const metadata = { ...(keep ? current.metadata : {}), ...metadataOf(body) };
    return backend
      .updateTable(ref, fieldsOf(body), metadata, viewOf(body))
      .then((entry) => tableResource(entry));
  };
  const updateDataset = (context: Context, body: Body) => {
    checkResource(body);
    const ref = datasetRef(context);
    const { metadata } = backend.dataset(ref);
    return datasetResource(backend.updateDataset(ref, { ...metadata, ...metadataOf(body) }));
  };
  const D = 'projects/:projectId/datasets';
  const T = `${D}/:datasetId/tables`;

  return [
    {
      id: 'projects.list',
      verb: 'GET',
      path: 'projects',
      query: PAGING,
      handle: () => ({ kind: 'bigquery#projectList', projects: [] }),
    },
    {
      id: 'datasets.list',
      verb: 'GET',
      path: D,
      query: [...PAGING, 'all', 'filter'],
      handle: (context) => {
        const { items, ...next } = pageOf(backend.datasets(param(context, 'projectId')), context);
        return { kind: 'bigquery#datasetList', datasets: items.map(datasetResource), ...next };
      },
    },
    {
      id: 'datasets.get',
      verb: 'GET',
      path: `${D}/:datasetId`,
      query: ['accessPolicyVersion', 'datasetView'],
      handle: (context) => datasetResource(backend.dataset(datasetRef(context))),
    },
    {
      id: 'datasets.insert',
      verb: 'POST',
      path: D,
      query: ['accessPolicyVersion'],
      handle: async (context, body) => {
        checkResource(body, 'datasetReference');
        const { datasetId = '' } = (body.datasetReference ?? {}) as { datasetId?: string };
        const ref = { project: param(context, 'projectId'), dataset: datasetId };
        return datasetResource(await backend.createDataset(ref, metadataOf(body)));
      },
    },
    { id: 'datasets.patch', verb: 'PATCH', path: `${D}/:datasetId`, handle: updateDataset },
    { id: 'datasets.update', verb: 'PUT', path: `${D}/:datasetId`, handle: updateDataset },
    {
      id: 'datasets.delete',
      verb: 'DELETE',
      path: `${D}/:datasetId`,
      query: ['deleteContents'],
      handle: async (context) => {
        await backend.deleteDataset(
          datasetRef(context),
          /^true$/i.test(context.req.query('deleteContents') ?? ''),
        );
        return {};
      },
    },
    {
      id: 'tables.list',
      verb: 'GET',
      path: T,
      query: PAGING,
      handle: (context) => {
        const all = backend.tables(datasetRef(context));
        const { items, ...next } = pageOf(all, context);
        const tables = items.map((entry) => tableResource(entry));
        return { kind: 'bigquery#tableList', tables, totalItems: all.length, ...next };
      },
    },
    {
      id: 'tables.get',
      verb: 'GET',
      path: `${T}/:tableId`,
      query: ['view', 'selectedFields'],
      handle: async (context) => {
        const entry = backend.table(tableRef(context));
        return tableResource(entry, entry.view === undefined ? await backend.rowCount(entry.ref) : undefined);
      },
    },
    {
      id: 'tables.insert',
      verb: 'POST',
      path: T,
      handle: async (context, body) => {
        checkResource(body, 'tableReference');
        const { tableId = '' } = (body.tableReference ?? {}) as { tableId?: string };
        const ref = { ...datasetRef(context), table: tableId };
        return tableResource(
          await backend.createTable(ref, fieldsOf(body) ?? [], metadataOf(body), viewOf(body)),
        );
      },
    },
    {
      id: 'tables.patch',
      verb: 'PATCH',
      path: `${T}/:tableId`,
      query: ['autodetect_schema'],
      handle: (context, body) => updateTable(context, body, true),
    },
    {
      id: 'tables.update',
      verb: 'PUT',
      path: `${T}/:tableId`,
      query: ['autodetect_schema'],
      handle: (context, body) => updateTable(context, body, false),
    },
    {
      id: 'tables.delete',
      verb: 'DELETE',
      path: `${T}/:tableId`,
      handle: async (context) => {
        await backend.deleteTable(tableRef(context));
        return {};
      },
    },
    {
      id: 'tabledata.list',
      verb: 'GET',
      path: `${T}/:tableId/data`,
      query: [...PAGING, 'startIndex', 'selectedFields', ...FORMAT],
      handle: async (context) => {
        const { ref } = backend.table(tableRef(context));
        const { maxResults, pageToken, startIndex } = context.req.query();
        const start = Number(pageToken ?? startIndex ?? 0) || 0;
        const limit = Math.min(10_000, Number(maxResults ?? 10_000));
        const total = await backend.rowCount(ref);
        const sql = `SELECT * FROM \`${ref.dataset}.${ref.table}\` LIMIT ${limit} OFFSET ${start}`;
        const { rows, fields } = await backend.query({ project: ref.project, sql });
        return {
          kind: 'bigquery#tableDataList',
          totalRows: String(total),
          rows: rows.map((row) => formatRow(row, fields, formatOf(context))),
          ...(start + rows.length < total ? { pageToken: String(start + rows.length) } : {}),
        };
      },
    },
    {
      id: 'tabledata.insertAll',
      verb: 'POST',
      path: `${T}/:tableId/insertAll`,
      handle: (context, body) => insertRows(backend, backend.table(tableRef(context)), body),
    },
  ];
}
