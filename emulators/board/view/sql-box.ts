import { statementKind, statementsOf } from '../../bigquery/sql/statements.ts';
import type { QueryRows } from './bigquery-rows.ts';
import type { Table } from './protocol.ts';
import { RefusedRequest } from './refused.ts';

const BOUNDS = { rows: 500, ms: 20_000 } as const;
const MOST_CHARACTERS = 20_000;

/**
 * Runs what a person wrote: one statement that reads, 500 rows, 20 seconds.
 * @throws RefusedRequest saying what cannot be run, or BigQuery's own message
 */
export async function runSql(query: QueryRows, sql: string): Promise<Table> {
  if (sql.length > MOST_CHARACTERS) {
    throw new RefusedRequest(400, `The query has ${sql.length} characters; ${MOST_CHARACTERS} are the most.`);
  }
  const statements = statementsOf(sql).filter((each) => statementKind(each) !== '');
  const [only = ''] = statements;
  if (statements.length !== 1 || statementKind(only) !== 'SELECT') {
    throw new RefusedRequest(
      400,
      'Only one statement that reads, SELECT … or WITH … SELECT …, is run here; use bq for anything else.',
    );
  }
  try {
    return await query(`SELECT * FROM (\n${only}\n) LIMIT ${BOUNDS.rows + 1}`, {}, BOUNDS);
  } catch (error) {
    throw new RefusedRequest(400, error instanceof Error ? error.message : String(error));
  }
}
