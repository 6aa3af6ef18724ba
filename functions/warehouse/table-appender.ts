import type { TableDefinition } from '../../infra/bigquery/tables.ts';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { makeGroupCommit } from '../../shared/group-commit.ts';
import { type AppendConnection, AppendError, type RowError } from './append-connection.ts';
import { INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, RETRIABLE } from './grpc-codes.ts';
import { makeRowEncoder } from './row-encoder.ts';

/** What became of a row. */
export type RowOutcome = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Appends rows to one table. */
export interface TableAppender {
  /**
   * Resolves, once they are durable, with an outcome for each row, in order: bad rows are refused one by one.
   * @throws TransientError when none of them could be stored for a reason that is not theirs.
   */
  append(rows: readonly object[]): Promise<readonly RowOutcome[]>;
}

export interface TableAppenderOptions {
  readonly connection: AppendConnection;
  /** `projects/P/datasets/D`. */
  readonly dataset: string;
  readonly table: TableDefinition;
  /** How long one append is tried again before it is left to redelivery. Milliseconds. */
  readonly retryForMs: number;
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
}

/** The API refuses requests above 10 MB. */
const GROUP_BYTES = 4 * 1024 * 1024;
const GROUP_ROWS = 10_000;
/** Two groups of one table under way: one is written while the other travels. */
const GROUPS_UNDER_WAY = 2;
const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 2000;

/**
 * Appends to the default stream of one table. Calls made while appends are under way share the next one, whatever
 * message they belong to.
 */
export function makeTableAppender(options: TableAppenderOptions): TableAppender {
  const { connection, dataset, table } = options;
  const encoder = makeRowEncoder(table.schema.fields);
  const writeStream = `${dataset}/tables/${table.name}/streams/_default`;

  const appendOnce = (rows: readonly Uint8Array[]): Promise<readonly RowError[]> => {
    const bytes = rows.reduce((sum, row) => sum + row.length, 0);
    return connection.append({ writeStream, descriptor: encoder.descriptor, rows, bytes });
  };

  /** Takes out the rows that BigQuery names, and appends the others. */
  const commit = async (rows: readonly Uint8Array[]): Promise<readonly RowOutcome[]> => {
    const outcomes: RowOutcome[] = rows.map(() => ({ ok: true }));
    let open = rows.map((row, index) => ({ row, index }));
    while (open.length > 0) {
      const sent = open;
      const errors = await retrying(options, () => appendOnce(sent.map(({ row }) => row)));
      if (errors.length === 0) break;
      const bad = new Set<number>();
      for (const { index, message } of errors) {
        const entry = sent[index];
        if (!entry)
          throw new TransientError(
            `BigQuery refused row ${index} of ${sent.length} for ${table.name}: ${message}`,
          );
        bad.add(entry.index);
        outcomes[entry.index] = { ok: false, message };
      }
      open = sent.filter(({ index }) => !bad.has(index));
    }
    return outcomes;
  };

  const groups = makeGroupCommit<Uint8Array, RowOutcome>({
    maxItems: GROUP_ROWS,
    maxBytes: GROUP_BYTES,
    concurrency: GROUPS_UNDER_WAY,
    sizeOf: (row) => row.length,
    commit,
  });

  return {
    async append(rows) {
      const encoded = rows.map((row) => encodeOr(() => encoder.encode(row)));
      const stored = await groups.add(encoded.filter((row) => row instanceof Uint8Array));
      let next = 0;
      return encoded.map((row) => (row instanceof Uint8Array ? (stored[next++] ?? { ok: true }) : row));
    },
  };
}

function encodeOr(encode: () => Uint8Array): Uint8Array | RowOutcome {
  try {
    return encode();
  } catch (error) {
    return { ok: false, message: messageOf(error) };
  }
}

async function retrying<T>(options: TableAppenderOptions, append: () => Promise<T>): Promise<T> {
  const { clock, sleep, random, retryForMs } = options;
  const until = clock() + retryForMs;
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, MAX_DELAY_MS)) {
    try {
      return await append();
    } catch (error) {
      if (!(error instanceof AppendError)) throw error;
      if (!RETRIABLE.has(error.code) || clock() + delay > until) throw transient(options, error);
      await sleep(delay * (0.5 + random() / 2));
    }
  }
}

function transient({ dataset, table }: TableAppenderOptions, error: AppendError): TransientError {
  const where = `${dataset.split('/').at(-1)}.${table.name}`;
  const advice: Readonly<Record<number, string>> = {
    [NOT_FOUND]: `BigQuery has no table ${where}; apply infra/bigquery, and the rows follow by redelivery`,
    [PERMISSION_DENIED]: `BigQuery lets this function not write ${where}; grant its service account roles/bigquery.dataEditor`,
    [INVALID_ARGUMENT]: `the columns of ${where} do not fit this version of the function; apply infra/bigquery`,
  };
  const said = advice[error.code] ?? `appending to ${where} failed`;
  return new TransientError(`${said} (${error.message})`, { cause: error });
}
