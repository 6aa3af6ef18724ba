import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { makeAppendQueue } from './append-queue.ts';
import {
  type Backend,
  BigQueryError,
  type DatasetRef,
  type QueryRequest,
  type QueryResult,
  type TableField,
  type TableRef,
} from './backend.ts';
import { makeCatalog } from './catalog.ts';
import { fieldOf, quoted, sqlType } from './fields.ts';
import { statementKind, translate } from './sql/translate.ts';
import { toCell } from './values.ts';

/** Functions of GoogleSQL that the transpiler leaves as they are, defined in DuckDB's terms. */
const MACROS = [
  'CREATE OR REPLACE MACRO memory.main.unix_millis(t) AS epoch_ms(t)',
  'CREATE OR REPLACE MACRO memory.main.unix_seconds(t) AS CAST(floor(epoch(t)) AS BIGINT)',
  'CREATE OR REPLACE MACRO memory.main.unix_micros(t) AS epoch_us(t)',
  'CREATE OR REPLACE MACRO memory.main.safe_divide(a, b) AS CASE WHEN b = 0 THEN NULL ELSE a / b END',
  'CREATE OR REPLACE MACRO memory.main.generate_uuid() AS CAST(uuid() AS VARCHAR)',
];

/**
 * BigQuery's tables in DuckDB: a project is an attached database, a dataset a schema in it. With `dataDir`, projects
 * are files there.
 */
export async function makeDuckDbBackend(dataDir?: string): Promise<Backend> {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const catalog = makeCatalog(dataDir === undefined ? undefined : join(dataDir, 'catalog.json'));
  const instance = await DuckDBInstance.create(':memory:');
  const writer = await instance.connect();
  const attached = new Set<string>();
  for (const statement of ["SET GLOBAL TimeZone = 'UTC'", ...MACROS]) await writer.run(statement);

  const attach = async (project: string): Promise<void> => {
    if (attached.has(project)) return;
    attached.add(project);
    const path = dataDir === undefined ? ':memory:' : join(dataDir, `${project}.duckdb`);
    await writer.run(`ATTACH '${path.replaceAll("'", "''")}' AS ${quoted(project)}`);
  };
  for (const project of catalog.projects()) await attach(project);

  const schemaOf = ({ project, dataset }: DatasetRef): string => `${quoted(project)}.${quoted(dataset)}`;
  const nameOf = (ref: TableRef): string => `${schemaOf(ref)}.${quoted(ref.table)}`;

  /** Appends and DDL in turn: DuckDB refuses writers that collide. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work);
    turn = result.catch(() => undefined);
    return result;
  };

  const appendRows = makeAppendQueue({
    inTurn,
    connection: writer,
    fieldsOf: (ref) => catalog.table(ref).fields,
  });

  const createView = (ref: TableRef, view: string): Promise<unknown> =>
    writer.run(`CREATE OR REPLACE VIEW ${nameOf(ref)} AS ${translate(view, ref.project)}`);

  /** Columns that a view or a table made by SQL turned out to have. */
  const describe = async (ref: TableRef): Promise<readonly TableField[]> => {
    const result = await writer.run(`SELECT * FROM ${nameOf(ref)} LIMIT 0`);
    return result.columnNames().map((name, index) => fieldOf(name, result.columnType(index)));
  };

  /** DDL by SQL changes tables behind the catalogue's back. */
  const reconcile = async (project: string): Promise<void> => {
    const found = await writer.runAndReadAll(
      `SELECT table_schema, table_name, table_type FROM information_schema.tables WHERE table_catalog = '${project.replaceAll("'", "''")}'`,
    );
    const present = new Set<string>();
    for (const [dataset, table] of found.getRows()) {
      const ref = { project, dataset: String(dataset), table: String(table) };
      present.add(nameOf(ref));
      if (!catalog.hasTable(ref)) {
        catalog.putTable({ ref, metadata: {}, fields: await describe(ref), created: Date.now() });
      }
    }
    for (const entry of catalog.datasets(project).flatMap((each) => catalog.tables(each.ref))) {
      if (!present.has(nameOf(entry.ref))) catalog.dropTable(entry.ref);
    }
  };

  const run = async (connection: DuckDBConnection, request: QueryRequest): Promise<QueryResult> => {
    const { project, dataset, sql } = request;
    await attach(project);
    const statement = statementKind(sql);
    const translated = translate(sql, project, request.parameters);
    const path = [dataset ?? 'main'].map((schema) => `${project}.${schema}`);
    await connection.run(`SET search_path = '${[...path, 'memory.main'].map(quotedPath).join(',')}'`);
    if (request.dryRun) {
      await connection.prepare(translated);
      return { fields: [], rows: [], statement };
    }
    const result = await connection.runAndReadAll(translated);
    if (statement !== 'SELECT') {
      if (/^(CREATE|DROP|ALTER)$/.test(statement)) await reconcile(project);
      return { fields: [], rows: [], changed: result.rowsChanged, statement };
    }
    const types = result.columnTypes();
    const fields = result.columnNames().map((name, index) => {
      const type = types[index];
      if (!type) throw new Error(`no type for column ${name}`);
      return fieldOf(name, type);
    });
    const rows = result.getRows().map((row) => ({
      f: row.map((value, index) => toCell(value, fields[index] ?? { name: '', type: 'STRING' })),
    }));
    return { fields, rows, statement };
  };

  return {
    datasets: catalog.datasets,
    dataset: catalog.dataset,
    async createDataset(ref, metadata) {
      if (catalog.hasDataset(ref)) {
        throw new BigQueryError(409, 'duplicate', `Already Exists: Dataset ${ref.project}:${ref.dataset}`);
      }
      await inTurn(async () => {
        await attach(ref.project);
        await writer.run(`CREATE SCHEMA IF NOT EXISTS ${schemaOf(ref)}`);
      });
      const entry = { ref, metadata, created: Date.now() };
      catalog.putDataset(entry);
      return entry;
    },
    updateDataset(ref, metadata) {
      const entry = { ...catalog.dataset(ref), metadata };
      catalog.putDataset(entry);
      return entry;
    },
    async deleteDataset(ref, withContents) {
      catalog.dataset(ref);
      if (!withContents && catalog.tables(ref).length > 0) {
        const name = `${ref.project}:${ref.dataset}`;
        throw new BigQueryError(400, 'resourceInUse', `Dataset ${name} is still in use`);
      }
      await inTurn(() => writer.run(`DROP SCHEMA ${schemaOf(ref)} CASCADE`));
      catalog.dropDataset(ref);
    },
    tables: (ref) => {
      catalog.dataset(ref);
      return catalog.tables(ref);
    },
    table: catalog.table,
    async createTable(ref, fields, metadata, view) {
      catalog.dataset(ref);
      if (catalog.hasTable(ref)) {
        const name = `${ref.project}:${ref.dataset}.${ref.table}`;
        throw new BigQueryError(409, 'duplicate', `Already Exists: Table ${name}`);
      }
      const columns = fields.map((field) => `${quoted(field.name)} ${sqlType(field)}`);
      await inTurn(() =>
        view === undefined
          ? writer.run(`CREATE TABLE ${nameOf(ref)} (${columns.join(', ') || '"_empty" BOOLEAN'})`)
          : asInvalidQuery(createView(ref, view)),
      );
      const known = view === undefined ? fields : await describe(ref);
      const entry = {
        ref,
        metadata,
        fields: known,
        created: Date.now(),
        ...(view === undefined ? {} : { view }),
      };
      catalog.putTable(entry);
      return entry;
    },
    async updateTable(ref, fields, metadata, view) {
      const current = catalog.table(ref);
      const added = (fields ?? []).filter(({ name }) => !current.fields.some((field) => field.name === name));
      const lost = fields && current.fields.find(({ name }) => !fields.some((field) => field.name === name));
      if (lost) {
        throw new BigQueryError(
          400,
          'invalid',
          `Provided Schema does not match: field ${lost.name} is missing`,
        );
      }
      await inTurn(async () => {
        for (const field of added) {
          await writer.run(`ALTER TABLE ${nameOf(ref)} ADD COLUMN ${quoted(field.name)} ${sqlType(field)}`);
        }
        if (view !== undefined) await asInvalidQuery(createView(ref, view));
      });
      const known = view === undefined ? (fields ?? current.fields) : await describe(ref);
      const entry = { ...current, metadata, fields: known, ...(view === undefined ? {} : { view }) };
      catalog.putTable(entry);
      return entry;
    },
    async deleteTable(ref) {
      const { view } = catalog.table(ref);
      await inTurn(() => writer.run(`DROP ${view === undefined ? 'TABLE' : 'VIEW'} ${nameOf(ref)}`));
      catalog.dropTable(ref);
    },
    async rowCount(ref) {
      const result = await writer.runAndReadAll(`SELECT COUNT(*) FROM ${nameOf(ref)}`);
      return Number(result.getRows()[0]?.[0] ?? 0);
    },
    appendRows,
    async query(request) {
      const isQuery = statementKind(request.sql) === 'SELECT';
      const work = async (): Promise<QueryResult> => {
        const connection = await instance.connect();
        try {
          return await asInvalidQuery(run(connection, request));
        } finally {
          connection.closeSync();
        }
      };
      return isQuery ? work() : inTurn(work);
    },
    reset: () =>
      inTurn(async () => {
        for (const project of attached) {
          await writer.run(`DETACH ${quoted(project)}`);
          if (dataDir !== undefined) rmSync(join(dataDir, `${project}.duckdb`), { force: true });
        }
        attached.clear();
        catalog.clear();
      }),
    async close() {
      await turn;
      for (const project of attached) {
        if (dataDir !== undefined) await writer.run(`CHECKPOINT ${quoted(project)}`);
      }
      writer.closeSync();
      instance.closeSync();
    },
  };
}

/** `project.schema` as a quoted member of a search path. */
function quotedPath(path: string): string {
  return path.split('.').map(quoted).join('.').replaceAll("'", "''");
}

/** What DuckDB says of a query, as BigQuery would answer it. */
async function asInvalidQuery<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BigQueryError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (/Table with name .* does not exist/.test(message)) {
      const name = /Table with name (\S+)/.exec(message)?.[1] ?? '';
      throw new BigQueryError(404, 'notFound', `Not found: Table ${name}`);
    }
    throw new BigQueryError(400, 'invalidQuery', message);
  }
}
