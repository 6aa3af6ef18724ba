import { duration, int, type RuleValue, timestamp } from '../rule-value.ts';
import { EvaluationError } from '../rules-error.ts';
import { fn, type Library } from './method.ts';

const MILLI = 1_000_000n;
const SECOND = 1_000_000_000n;
const DAY = 86_400n * SECOND;
const UNITS: Readonly<Record<string, bigint>> = {
  w: 7n * DAY,
  d: DAY,
  h: 3_600n * SECOND,
  m: 60n * SECOND,
  s: SECOND,
  ms: MILLI,
  ns: 1n,
};

/** Nanoseconds since the day began, and the day's own; also before 1970. */
function dayParts(nanos: bigint): { readonly within: bigint; readonly start: bigint } {
  const within = ((nanos % DAY) + DAY) % DAY;
  return { within, start: nanos - within };
}

const dateOf = (nanos: bigint): Date => new Date(Number(dayParts(nanos).start / MILLI));

/** https://firebase.google.com/docs/reference/rules/rules.Timestamp */
export const TIMESTAMP_METHODS: Library = {
  date: fn(['timestamp'], ({ nanos }) => timestamp(dayParts(nanos).start)),
  time: fn(['timestamp'], ({ nanos }) => duration(dayParts(nanos).within)),
  year: fn(['timestamp'], ({ nanos }) => int(dateOf(nanos).getUTCFullYear())),
  month: fn(['timestamp'], ({ nanos }) => int(dateOf(nanos).getUTCMonth() + 1)),
  day: fn(['timestamp'], ({ nanos }) => int(dateOf(nanos).getUTCDate())),
  /** 1 on Monday to 7 on Sunday. */
  dayOfWeek: fn(['timestamp'], ({ nanos }) => int(((dateOf(nanos).getUTCDay() + 6) % 7) + 1)),
  dayOfYear: fn(['timestamp'], ({ nanos }) => {
    const date = dateOf(nanos);
    return int((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000 + 1);
  }),
  hours: fn(['timestamp'], ({ nanos }) => int(dayParts(nanos).within / (3_600n * SECOND))),
  minutes: fn(['timestamp'], ({ nanos }) => int((dayParts(nanos).within / (60n * SECOND)) % 60n)),
  seconds: fn(['timestamp'], ({ nanos }) => int((dayParts(nanos).within / SECOND) % 60n)),
  nanos: fn(['timestamp'], ({ nanos }) => int(dayParts(nanos).within % SECOND)),
  toMillis: fn(['timestamp'], ({ nanos }) => int((nanos - (((nanos % MILLI) + MILLI) % MILLI)) / MILLI)),
};

/** https://firebase.google.com/docs/reference/rules/rules.Duration */
export const DURATION_METHODS: Library = {
  seconds: fn(['duration'], ({ nanos }) => int(nanos / SECOND)),
  nanos: fn(['duration'], ({ nanos }) => int(nanos % SECOND)),
};

export const TIME_FUNCTIONS: Library = {
  'timestamp.date': fn(['int', 'int', 'int'], ({ value: year }, { value: month }, { value: day }) =>
    timestamp(midnight(Number(year), Number(month), Number(day))),
  ),
  'timestamp.value': fn(['int'], ({ value }) => timestamp(value * MILLI)),
  'duration.value': fn(['int', 'string'], ({ value }, unit): RuleValue => {
    const nanos = UNITS[unit.value];
    if (nanos === undefined)
      throw new EvaluationError(
        `'${unit.value}' is no unit of time: it is one of ${Object.keys(UNITS).join(', ')}.`,
      );
    return duration(value * nanos);
  }),
  'duration.time': fn(['int', 'int', 'int', 'int'], (hours, minutes, seconds, nanos) =>
    duration((hours.value * 3_600n + minutes.value * 60n + seconds.value) * SECOND + nanos.value),
  ),
  'duration.abs': fn(['duration'], ({ nanos }) => duration(nanos < 0n ? -nanos : nanos)),
};

/** Nanoseconds of the start of a day. @throws EvaluationError where the calendar has no such day */
function midnight(year: number, month: number, day: number): bigint {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || year < 1 || year > 9999)
    throw new EvaluationError(`Date is not valid. year: ${year}, month: ${month} day: ${day}.`);
  return BigInt(date.getTime()) * MILLI;
}
