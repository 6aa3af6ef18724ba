import type { Plain } from '../../protos.ts';
import { type Backend, BigQueryError, type TableEntry, type TableField, type TableRef } from '../backend.ts';
import { type DecodeRows, type Descriptor, makeRowDecoder, type RowError } from './row-decoder.ts';

/** What of the backend rows are written through. */
export type WriteBackend = Pick<Backend, 'table' | 'appendRows'>;

const INVALID_ARGUMENT = 3;

/** `projects/P/datasets/D/tables/T/streams/_default`, or the older `…/tables/T/_default`. */
const DEFAULT_STREAM = /^projects\/([^/]+)\/datasets\/([^/]+)\/tables\/([^/]+)(?:\/streams)?\/_default$/;

/** A writer schema, as it was last used for a stream. */
interface KnownSchema {
  readonly fields: readonly TableField[];
  readonly text: string;
  readonly decode: DecodeRows;
}

/**
 * Takes the requests of one connection, in their order; stream and schema hold until a request names others. Rows are
 * decoded at once and the answer comes when they are stored, so that several requests may be stored together.
 * @param isBadRow whether the next row is to be refused, on purpose
 * @throws BigQueryError at once where a request breaks the connection
 */
export function makeAppendReceiver(
  backend: WriteBackend,
  isBadRow: () => boolean = () => false,
): (request: Plain) => Promise<Plain> {
  const known = new Map<string, KnownSchema>();
  let stream = '';
  let table: TableEntry | undefined;
  let decode: DecodeRows | undefined;

  const decoderOf = (descriptor: Descriptor, { fields }: TableEntry): DecodeRows => {
    const text = JSON.stringify(descriptor);
    const last = known.get(stream);
    if (last?.text === text && last.fields === fields) return last.decode;
    const made = makeRowDecoder(descriptor, fields);
    known.set(stream, { fields, text, decode: made });
    return made;
  };

  return (request) => {
    const named = String(request.writeStream ?? '');
    if (named !== '' && named !== stream) {
      stream = named;
      table = backend.table(tableOf(stream));
      decode = undefined;
    }
    if (!table) {
      throw invalid('The first request of a connection must name its write_stream.');
    }
    table = backend.table(table.ref);
    const { writerSchema, rows: given } = (request.protoRows ?? {}) as {
      writerSchema?: { protoDescriptor?: Descriptor };
      rows?: { serializedRows?: readonly Buffer[] };
    };
    if (writerSchema?.protoDescriptor) decode = decoderOf(writerSchema.protoDescriptor, table);
    if (!decode) {
      throw invalid('The first request for a write_stream must carry its writer_schema.');
    }
    const { rows, errors: found } = decode(given?.serializedRows ?? []);
    const errors =
      found.length > 0 ? found : rows.flatMap((_row, index) => (isBadRow() ? [badRow(index)] : []));
    const writeStream = stream;
    if (errors.length > 0) {
      const message = `Errors found while processing rows. Please refer to the row_errors field for details. Entity: ${stream}`;
      return Promise.resolve({
        writeStream,
        error: { code: INVALID_ARGUMENT, message },
        rowErrors: errors,
      });
    }
    return backend.appendRows(table.ref, rows).then(() => ({ writeStream, appendResult: {} }));
  };
}

function badRow(index: number): RowError {
  return { index, code: 'FIELDS_ERROR', message: 'A fault was injected: the row is refused.' };
}

/** @throws BigQueryError where the name is no default stream's */
export function tableOf(stream: string): TableRef {
  const [, project, dataset, table] = DEFAULT_STREAM.exec(stream) ?? [];
  if (project && dataset && table) return { project, dataset, table };
  throw invalid(`"${stream}" is no default stream: projects/P/datasets/D/tables/T/streams/_default`);
}

function invalid(message: string): BigQueryError {
  return new BigQueryError(400, 'invalid', message);
}
