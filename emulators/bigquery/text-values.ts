import type { TableField, WriteRow } from './backend.ts';
import { isRecord, isRepeated } from './fields.ts';

export interface RowReaderOptions {
  /** Members that are no columns are left out, instead of an error. */
  readonly ignoreUnknown?: boolean;
}

/** Turns a JSON object, or the cells of a CSV line by name, into a row. Throws an Error which names the column. */
export type ReadRow = (json: Readonly<Record<string, unknown>>) => WriteRow;

type Read = (given: unknown) => unknown;

/** What a table takes from JSON and CSV, worked out once for all rows. */
export function makeRowReader(
  fields: readonly TableField[],
  { ignoreUnknown = false }: RowReaderOptions = {},
  path = '',
): ReadRow {
  const columns = fields.map((field) => ({
    field,
    key: field.name.toLowerCase(),
    read: readerOf(field, { ignoreUnknown }, `${path}${field.name}`),
  }));
  const known = new Set(columns.map(({ key }) => key));
  return (json) => {
    // Column names do not tell case apart.
    const given = new Map(Object.entries(json).map(([name, value]) => [name.toLowerCase(), value]));
    const stranger = Object.keys(json).find((name) => !known.has(name.toLowerCase()));
    if (stranger !== undefined && !ignoreUnknown) throw new Error(`no such field: ${path}${stranger}.`);
    const row: Record<string, unknown> = {};
    for (const { field, key, read } of columns) {
      const value = given.get(key);
      if (value !== undefined && value !== null) row[field.name] = read(value);
      else if (field.mode?.toUpperCase() === 'REQUIRED') {
        throw new Error(`Missing required field: ${path}${field.name}.`);
      }
    }
    return row;
  };
}

function readerOf(field: TableField, options: RowReaderOptions, path: string): Read {
  if (isRepeated(field)) {
    const single = readerOf({ ...field, mode: 'NULLABLE' }, options, path);
    return (given) => {
      if (!Array.isArray(given)) throw new Error(`${path} must be an array.`);
      return given.map((item) => {
        if (item === null) throw new Error(`Only optional fields can be set to NULL: ${path}.`);
        return single(item);
      });
    };
  }
  if (isRecord(field)) {
    const read = makeRowReader(field.fields ?? [], options, `${path}.`);
    return (given) => {
      if (typeof given !== 'object' || Array.isArray(given)) throw new Error(`${path} must be a record.`);
      return read(given as Readonly<Record<string, unknown>>);
    };
  }
  return scalarReader(field.type.toUpperCase(), path);
}

function scalarReader(type: string, path: string): Read {
  const refuse = (given: unknown): never => {
    throw new Error(`Could not parse '${text(given)}' as ${type} for field ${path}.`);
  };
  const orRefuse =
    (read: (given: string) => unknown): Read =>
    (given) =>
      (typeof given === 'object' ? undefined : read(String(given).trim())) ?? refuse(given);
  switch (type) {
    case 'INTEGER':
    case 'INT64':
      return orRefuse(readInteger);
    case 'FLOAT':
    case 'FLOAT64':
      return orRefuse(readFloat);
    case 'NUMERIC':
    case 'BIGNUMERIC':
      return orRefuse((given) =>
        /^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(given) ? given.replace('+', '') : undefined,
      );
    case 'BOOLEAN':
    case 'BOOL':
      return orRefuse(readBoolean);
    case 'TIMESTAMP':
      return orRefuse(readTimestamp);
    case 'DATETIME':
      return orRefuse(readDatetime);
    case 'DATE':
      return orRefuse(readDate);
    case 'TIME':
      return orRefuse(readTime);
    case 'BYTES':
      return orRefuse((given) =>
        /^[A-Za-z0-9+/_-]*={0,2}$/.test(given) ? Buffer.from(given, 'base64') : undefined,
      );
    case 'JSON':
      return (given) => (typeof given === 'string' ? validJson(given, refuse) : JSON.stringify(given));
    default:
      return text;
  }
}

function text(given: unknown): string {
  return typeof given === 'object' ? JSON.stringify(given) : String(given);
}

function validJson(given: string, refuse: (given: unknown) => never): string {
  try {
    JSON.parse(given);
    return given;
  } catch {
    return refuse(given);
  }
}

const INT64 = { from: -(2n ** 63n), to: 2n ** 63n - 1n };

function readInteger(given: string): bigint | undefined {
  if (!/^[-+]?\d+(?:\.0*)?$/.test(given)) return undefined;
  const whole = BigInt(given.replace(/\..*$/, '').replace('+', ''));
  return whole >= INT64.from && whole <= INT64.to ? whole : undefined;
}

function readFloat(given: string): number | undefined {
  const special = /^([-+]?)(inf|infinity|nan)$/i.exec(given);
  if (special) return /nan/i.test(given) ? Number.NaN : Number(`${special[1]}Infinity`);
  const value = given === '' ? Number.NaN : Number(given);
  return Number.isNaN(value) ? undefined : value;
}

function readBoolean(given: string): boolean | undefined {
  if (/^(?:true|t|yes|y|1)$/i.test(given)) return true;
  return /^(?:false|f|no|n|0)$/i.test(given) ? false : undefined;
}

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})/;
const CLOCK = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?/;
const DAY_MICROS = 86_400_000_000n;

function readDate(given: string): number | undefined {
  const days = daysOf(given);
  return days !== undefined && given.replace(DATE, '') === '' ? days : undefined;
}

/** Days since 1970 of the date that a text begins with; undefined where there is no such day. */
function daysOf(given: string): number | undefined {
  const [, year, month, day] = DATE.exec(given) ?? [];
  // Date.UTC takes the years before 100 for those of the last century.
  const at = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (Number.isNaN(at) || new Date(at).getUTCDate() !== Number(day)) return undefined;
  return at / 86_400_000;
}

/** Microseconds since midnight. */
function readTime(given: string): bigint | undefined {
  return given.replace(CLOCK, '') === '' ? clockOf(given) : undefined;
}

function clockOf(given: string): bigint | undefined {
  const [, hours, minutes, seconds, fraction = ''] = CLOCK.exec(given) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 60 || seconds === undefined)
    return undefined;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return BigInt(whole) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}

function readDatetime(given: string): bigint | undefined {
  const { micros, zone } = instantOf(given);
  return zone === '' ? micros : undefined;
}

/** Microseconds since 1970 of a time with or without a zone, or of seconds as a number. */
function readTimestamp(given: string): bigint | undefined {
  if (/^-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?$/.test(given)) return secondsToMicros(given);
  const { micros, zone } = instantOf(given);
  if (micros === undefined) return undefined;
  if (/^(?:|Z|UTC|GMT)$/i.test(zone)) return micros;
  const [, sign, hours, minutes = '0'] = /^(?:UTC|GMT)?([-+])(\d{1,2}):?(\d{2})?$/i.exec(zone) ?? [];
  if (hours === undefined) return undefined;
  const offset = BigInt(Number(hours) * 60 + Number(minutes)) * 60_000_000n;
  return sign === '-' ? micros + offset : micros - offset;
}

function secondsToMicros(given: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(given) ?? [];
  if (!/^-?\d+\.?\d*$/.test(given)) return BigInt(Math.round(Number(given) * 1_000_000));
  const micros = BigInt(whole) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  return sign === '-' ? -micros : micros;
}

/** A date, with or without a clock, as if in UTC; and the zone that follows. */
function instantOf(given: string): { readonly micros: bigint | undefined; readonly zone: string } {
  const days = daysOf(given);
  if (days === undefined) return { micros: undefined, zone: '' };
  const rest = given.replace(DATE, '');
  const clock = rest.replace(/^[T ]\s*/i, '');
  const time = rest === clock ? undefined : clockOf(clock);
  const zone = (time === undefined ? rest : clock.replace(CLOCK, '')).trim();
  return { micros: BigInt(days) * DAY_MICROS + (time ?? 0n), zone };
}
