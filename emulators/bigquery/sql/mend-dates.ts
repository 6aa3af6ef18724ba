import { BigQueryError } from '../backend.ts';
import { call, cast, literalOf, type Mends, member, type Node, number, text, wordOf } from './tree.ts';

const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];

type Arguments = readonly Node[];
type Rewrite = (args: Arguments) => Node | undefined;

/** Functions on dates and times that are not, or mean something else, in DuckDB. */
export const DATE_FUNCTIONS: Readonly<Record<string, Rewrite>> = {
  // Whole units that have passed, where DuckDB's date_diff counts the borders between.
  TIMESTAMP_DIFF: ([later, earlier, unit]) =>
    later && earlier && call('BQ_TIMESTAMP_DIFF', text(unitOf(unit)), earlier, later),
  TIMESTAMP_TRUNC: ([value, unit, zone]) => value && truncated(value, unit, zone),
  DATETIME_TRUNC: ([value, unit]) => value && truncated(value, unit),
  DATE_TRUNC: ([value, unit]) => value && cast(truncated(value, unit), 'DATE'),
  TIME_TRUNC: ([value, unit]) => value && call('BQ_TIME_TRUNC', text(unitOf(unit)), value),
  // A DATE and an interval are a timestamp in DuckDB.
  DATE_ADD: ([value, interval]) => value && interval && cast(call('BQ_PLUS', value, interval), 'DATE'),
  DATE_SUB: ([value, interval]) => value && interval && cast(call('BQ_MINUS', value, interval), 'DATE'),
  TIMESTAMP_ADD: (args) => call('BQ_PLUS', ...args),
  TIMESTAMP_SUB: (args) => call('BQ_MINUS', ...args),
  DATETIME_ADD: (args) => call('BQ_PLUS', ...args),
  DATETIME_SUB: (args) => call('BQ_MINUS', ...args),
  TIMESTAMP_BUCKET: (args) => call('BQ_BUCKET', ...args),
  DATETIME_BUCKET: ([value, width]) => value && width && cast(call('BQ_BUCKET', value, width), 'BQ_DATETIME'),
  DATE_BUCKET: ([value, width]) => value && width && cast(call('BQ_BUCKET', value, width), 'DATE'),
  FORMAT_TIMESTAMP: ([format, value, zone]) =>
    format && value && call('BQ_FORMAT_TIME', pattern(format), inZone(value, zone)),
  FORMAT_DATE: ([format, value]) =>
    format && value && call('BQ_FORMAT_TIME', pattern(format), cast(value, 'DATE')),
  FORMAT_DATETIME: ([format, value]) =>
    format && value && call('BQ_FORMAT_TIME', pattern(format), cast(value, 'BQ_DATETIME')),
  PARSE_TIMESTAMP: ([format, value, zone]) =>
    format && value && call('TIMEZONE', zone ?? text('UTC'), parsedTime(format, value)),
  PARSE_DATETIME: ([format, value]) => format && value && parsedTime(format, value),
  PARSE_DATE: ([format, value]) => format && value && cast(parsedTime(format, value), 'DATE'),
  TIMESTAMP_SECONDS: (args) => call('BQ_TIMESTAMP_SECONDS', ...args),
  TIMESTAMP_MILLIS: (args) => call('BQ_TIMESTAMP_MILLIS', ...args),
  TIMESTAMP_MICROS: (args) => call('MAKE_TIMESTAMPTZ', ...args),
  UNIX_SECONDS: (args) => call('BQ_UNIX_SECONDS', ...args),
  UNIX_MILLIS: (args) => call('EPOCH_MS', ...args),
  UNIX_MICROS: (args) => call('EPOCH_US', ...args),
  DATE_FROM_UNIX_DATE: (args) => call('BQ_DATE_FROM_UNIX_DATE', ...args),
  CURRENT_DATETIME: ([zone]) => cast(inZone(call('BQ_NOW'), zone), 'BQ_DATETIME'),
  DATE: (args) => {
    const [value, zone] = args;
    if (!value || args.length > 2) return undefined;
    return cast(zone ? inZone(value, zone) : value, 'DATE');
  },
  DATETIME: (args) => {
    const [value, zone] = args;
    if (!value || args.length > 2) return undefined;
    return cast(zone ? inZone(value, zone) : value, 'BQ_DATETIME');
  },
  TIME: (args) => {
    const [value, zone] = args;
    if (!value || args.length > 2) return undefined;
    return cast(zone ? inZone(value, zone) : cast(value, 'BQ_DATETIME'), 'TIME');
  },
  TIMESTAMP: ([value, zone]) =>
    value && (zone ? call('TIMEZONE', zone, cast(value, 'BQ_DATETIME')) : cast(value, 'BQ_TIMESTAMP')),
};

/** Parts that EXTRACT takes from a date or time, where DuckDB has them not or otherwise. */
const PARTS: Readonly<Record<string, (value: Node) => Node>> = {
  DATE: (value) => cast(value, 'DATE'),
  TIME: (value) => cast(cast(value, 'BQ_DATETIME'), 'TIME'),
  DATETIME: (value) => cast(value, 'BQ_DATETIME'),
  DAYOFWEEK: (value) => call('BQ_DAY_OF_WEEK', value),
  DAYOFYEAR: (value) => call('DAYOFYEAR', value),
  ISOWEEK: (value) => call('WEEKOFYEAR', value),
  ISOYEAR: (value) => call('ISOYEAR', value),
  WEEK: (value) => call('BQ_WEEK', value),
  MILLISECOND: (value) => call('BQ_MILLISECOND', value),
  MICROSECOND: (value) => call('BQ_MICROSECOND', value),
};

export const DATE_MENDS: Mends = {
  extract({ this: from, field }) {
    const part =
      (typeof field === 'string' ? field : String((field as { Custom?: string } | null)?.Custom)) ?? '';
    return PARTS[part.toUpperCase()]?.(from as Node);
  },
};

/** The unit an argument names, in capitals. */
function unitOf(unit: Node | undefined): string {
  const word = wordOf(unit) ?? literalOf(unit);
  if (word !== undefined) return word.toUpperCase();
  throw new BigQueryError(400, 'invalidQuery', 'A valid date part name is required');
}

/** Elements of formats that DuckDB writes otherwise. */
const ELEMENTS: Readonly<Record<string, string>> = {
  '%F': '%Y-%m-%d',
  '%T': '%H:%M:%S',
  '%R': '%H:%M',
  '%D': '%m/%d/%y',
  '%E*S': '%S.%f',
  '%E3S': '%S.%g',
  '%E6S': '%S.%f',
  '%E4Y': '%Y',
  '%Ez': '%z',
  '%h': '%b',
  '%e': '%-d',
  '%k': '%-H',
};

function pattern(format: Node): Node {
  const given = literalOf(format);
  if (given === undefined) return format;
  return text(given.replace(/%(?:E(?:[0-9]+|\*)?)?[A-Za-z%]/g, (element) => ELEMENTS[element] ?? element));
}

function parsedTime(format: Node, value: Node): Node {
  return call('BQ_STRPTIME', value, pattern(format));
}

function truncated(value: Node, unit: Node | undefined, zone?: Node): Node {
  const local = zone ? inZone(value, zone) : value;
  const result = truncatedTo(local, unit);
  return zone ? call('TIMEZONE', zone, result) : result;
}

/** Weeks begin on Sunday, unless they are told another day; DuckDB's begin on Monday. */
function truncatedTo(value: Node, unit: Node | undefined): Node {
  const week = unit && member(unit, 'function');
  if (week) {
    const day = WEEKDAYS.indexOf((wordOf((week.args as Arguments)[0]) ?? '').toUpperCase());
    return call('BQ_WEEK_TRUNC', value, number((8 - day) % 7));
  }
  const word = unitOf(unit);
  if (word === 'WEEK') return call('BQ_WEEK_TRUNC', value, number(1));
  if (word === 'ISOWEEK') return call('BQ_WEEK_TRUNC', value, number(0));
  return call('BQ_TRUNC', text(word), value);
}

/** A TIMESTAMP as clocks of a zone show it. */
function inZone(value: Node, zone?: Node): Node {
  return call('TIMEZONE', zone ?? text('UTC'), cast(value, 'BQ_TIMESTAMP'));
}
