import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { makeAppendQueue } from './append-queue.ts';
import { type Backend, BigQueryError, type DatasetRef, type TableRef } from './backend.ts';
import { makeBulk } from './bulk-load.ts';
import { makeCatalog } from './catalog.ts';
import { describeTable, takeOver } from './ddl.ts';
import { columnList, quoted, sqlType } from './fields.ts';
import { makeProjects } from './projects.ts';
import { queryError } from './query-errors.ts';
import { makeQueryRunner } from './query-runner.ts';
import { makeRelations } from './relations.ts';
import { MACROS } from './sql/macros.ts';
import { translate } from './sql/translate.ts';

/**
 * BigQuery's tables in DuckDB: a project is an attached database, a dataset a schema in it. With `dataDir`, projects
 * are files there.
 */
export async function makeDuckDbBackend(dataDir?: string): Promise<Backend> {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const catalog = makeCatalog(dataDir === undefined ? undefined : join(dataDir, 'catalog.json'));
  const instance = await DuckDBInstance.create(':memory:');
  const writer = await instance.connect();
  await writer.run("SET GLOBAL TimeZone = 'UTC'");
  for (const macro of MACROS) await writer.run(`CREATE MACRO memory.main.${macro}`);

  const projects = makeProjects(writer, dataDir);
  for (const project of catalog.projects()) {
    await projects.attach(project);
    // Of what an earlier process was doing as it was killed, DuckDB knows best.
    await takeOver({ connection: writer, catalog }, project, [], undefined);
  }

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

  const translated = (view: string, { project, dataset }: DatasetRef): string =>
    translate(view, { project, relations: makeRelations(catalog, dataset) })[0]?.sql ?? '';
  const createView = async (ref: TableRef, view: string): Promise<void> => {
    try {
      await writer.run(`CREATE OR REPLACE VIEW ${nameOf(ref)} AS ${translated(view, ref)}`);
    } catch (error) {
      throw queryError(error, { project: ref.project, dataset: ref.dataset, sql: view });
    }
  };

  return {
    datasets: catalog.datasets,
    dataset: catalog.dataset,
    async createDataset(ref, metadata) {
      if (catalog.hasDataset(ref)) {
        throw new BigQueryError(409, 'duplicate', `Already Exists: Dataset ${ref.project}:${ref.dataset}`);
      }
      await inTurn(async () => {
        await projects.attach(ref.project);
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
      await inTurn<unknown>(() =>
        view === undefined
          ? writer.run(`CREATE TABLE ${nameOf(ref)} (${columnList(fields)})`)
          : createView(ref, view),
      );
      const known = view === undefined ? fields : await describeTable(writer, ref);
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
        for (const { name, mode } of fields ?? []) {
          const before = current.fields.find((field) => field.name === name);
          if (before?.mode === 'REQUIRED' && mode !== 'REQUIRED') {
            await writer.run(`ALTER TABLE ${nameOf(ref)} ALTER COLUMN ${quoted(name)} DROP NOT NULL`);
          }
        }
        for (const field of added) {
          await writer.run(`ALTER TABLE ${nameOf(ref)} ADD COLUMN ${quoted(field.name)} ${sqlType(field)}`);
        }
        if (view !== undefined) await createView(ref, view);
      });
      const known = view === undefined ? (fields ?? current.fields) : await describeTable(writer, ref);
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
    bulk: makeBulk({ instance, catalog, inTurn: (work) => inTurn(() => work(writer)) }),
    query: makeQueryRunner({ instance, writer, catalog, attach: projects.attach, inTurn }),
    reset: () =>
      inTurn(async () => {
        await projects.removeAll();
        catalog.clear();
      }),
    async close() {
      await turn;
      await projects.checkpoint();
      writer.closeSync();
      instance.closeSync();
    },
  };
}
