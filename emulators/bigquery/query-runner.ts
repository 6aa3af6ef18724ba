import type { DuckDBConnection, DuckDBInstance, DuckDBResultReader } from '@duckdb/node-api';
import type { QueryRequest, QueryResult } from './backend.ts';
import type { Catalog } from './catalog.ts';
import { takeOver } from './ddl.ts';
import { fieldOf, quoted } from './fields.ts';
import { queryError, timedOut } from './query-errors.ts';
import { makeRelations } from './relations.ts';
import { statementKind, statementsOf } from './sql/statements.ts';
import { translate } from './sql/translate.ts';
import { toCell } from './values.ts';

export interface QueryRunnerOptions {
  readonly instance: DuckDBInstance;
  /** Only used in turn. */
  readonly writer: DuckDBConnection;
  readonly catalog: Catalog;
  /** Makes a project usable. */
  readonly attach: (project: string) => Promise<void>;
  /** Runs work that writes, alone. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

const DDL: readonly string[] = ['CREATE', 'DROP', 'ALTER'];

/** Runs GoogleSQL: queries side by side, whatever writes in turn. Rejects with a BigQueryError. */
export function makeQueryRunner({ instance, writer, catalog, attach, inTurn }: QueryRunnerOptions) {
  const run = async (connection: DuckDBConnection, request: QueryRequest): Promise<QueryResult> => {
    const { project, dataset, sql, parameters } = request;
    await attach(project);
    const relations = makeRelations(catalog, dataset);
    const statements = translate(sql, { project, parameters, relations });
    const statement = statements.length > 1 ? 'SCRIPT' : (statements[0]?.kind ?? '');
    const path = [`${quoted(project)}.${quoted(dataset ?? 'main')}`, 'memory.main'].join(',');
    await connection.run(`SET search_path = '${path.replaceAll("'", "''")}'`);
    if (request.dryRun) {
      for (const each of statements) await connection.prepare(each.sql);
      return { fields: [], rows: [], statement };
    }
    let result: DuckDBResultReader | undefined;
    try {
      for (const each of statements) result = await connection.runAndReadAll(each.sql);
    } finally {
      // Of a script that fails, what came before stays.
      if (statements.some(({ kind }) => DDL.includes(kind))) {
        await takeOver({ connection: writer, catalog }, project, statements, dataset);
      }
    }
    if (!result || statements.at(-1)?.kind !== 'SELECT') {
      return { fields: [], rows: [], changed: result?.rowsChanged ?? 0, statement };
    }
    return { ...rowsOf(result), statement };
  };

  return async (request: QueryRequest): Promise<QueryResult> => {
    const work = async (): Promise<QueryResult> => {
      const connection = await instance.connect();
      let late = false;
      const interrupt = (): void => {
        late = true;
        connection.interrupt();
      };
      const timer = request.timeoutMs === undefined ? undefined : setTimeout(interrupt, request.timeoutMs);
      try {
        return await run(connection, request);
      } catch (error) {
        if (late) throw timedOut(request);
        throw queryError(error, { ...request, dataset: request.dataset });
      } finally {
        clearTimeout(timer);
        connection.closeSync();
      }
    };
    const reads = statementsOf(request.sql).every((each) => statementKind(each) === 'SELECT');
    return reads ? work() : inTurn(work);
  };
}

function rowsOf(result: DuckDBResultReader): Pick<QueryResult, 'fields' | 'rows'> {
  const fields = result.columnNames().map((name, index) => fieldOf(name, result.columnType(index)));
  const rows = result.getRows().map((row) => ({
    f: row.map((value, index) => toCell(value, fields[index] ?? { name: '', type: 'STRING' })),
  }));
  return { fields, rows };
}
