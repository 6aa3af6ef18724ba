import type { DatasetEntry, TableEntry, TableField } from '../backend.ts';

/** A dataset as datasets.get shows it. */
export function datasetResource({ ref, metadata, created }: DatasetEntry): Record<string, unknown> {
  return {
    location: 'US',
    ...metadata,
    kind: 'bigquery#dataset',
    id: `${ref.project}:${ref.dataset}`,
    etag: String(created),
    datasetReference: { projectId: ref.project, datasetId: ref.dataset },
    creationTime: String(created),
    lastModifiedTime: String(created),
  };
}

/** A table or view as tables.get shows it. */
export function tableResource(
  { ref, metadata, fields, created, view }: TableEntry,
  rows?: number,
): Record<string, unknown> {
  return {
    ...metadata,
    kind: 'bigquery#table',
    id: `${ref.project}:${ref.dataset}.${ref.table}`,
    etag: String(created),
    tableReference: { projectId: ref.project, datasetId: ref.dataset, tableId: ref.table },
    type: view === undefined ? 'TABLE' : 'VIEW',
    schema: { fields },
    ...(view === undefined ? {} : { view: { query: view, useLegacySql: false } }),
    creationTime: String(created),
    lastModifiedTime: String(created),
    location: 'US',
    ...(rows === undefined ? {} : { numRows: String(rows), numBytes: '0' }),
  };
}

/** What of a request's body is kept as metadata: all but what the server itself says. */
export function metadataOf(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const {
    schema: _s,
    view: _v,
    tableReference: _t,
    datasetReference: _d,
    kind: _k,
    id: _i,
    etag: _e,
    ...kept
  } = body;
  return kept;
}

/** `schema.fields` of a body, where it has one. */
export function fieldsOf(body: Readonly<Record<string, unknown>>): readonly TableField[] | undefined {
  return (body.schema as { fields?: readonly TableField[] } | undefined)?.fields;
}

/** `view.query` of a body. */
export function viewOf(body: Readonly<Record<string, unknown>>): string | undefined {
  return (body.view as { query?: string } | undefined)?.query;
}
