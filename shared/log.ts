/** Cloud Logging's severities: https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity */
export type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** Fields of one log line. Never put payloads, tokens or keys here. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose every line carries these fields too. */
  with(fields: LogFields): Logger;
}

export interface LoggerOptions {
  readonly fields?: LogFields;
  readonly level?: Severity;
  readonly write?: (line: string) => void;
  readonly clock?: () => number;
}

const RANK: Readonly<Record<Severity, number>> = { DEBUG: 0, INFO: 1, WARNING: 2, ERROR: 3, CRITICAL: 4 };

/**
 * A logger that writes one JSON object a line in the form Cloud Logging parses from standard output:
 * https://cloud.google.com/logging/docs/structured-logging
 */
export function makeLogger(options: LoggerOptions = {}): Logger {
  const { fields = {}, level = 'INFO', clock = Date.now } = options;
  const write = options.write ?? ((line: string) => void process.stdout.write(line));
  const log = (severity: Severity, message: string, extra: LogFields = {}): void => {
    if (RANK[severity] < RANK[level]) return;
    const entry = { severity, time: new Date(clock()).toISOString(), message, ...fields, ...extra };
    write(`${JSON.stringify(entry, replaceErrors)}\n`);
  };
  return {
    debug: (message, extra) => log('DEBUG', message, extra),
    info: (message, extra) => log('INFO', message, extra),
    warn: (message, extra) => log('WARNING', message, extra),
    error: (message, extra) => log('ERROR', message, extra),
    with: (extra) => makeLogger({ ...options, fields: { ...fields, ...extra }, level, clock, write }),
  };
}

/** A logger that says nothing, for tests. */
export const silentLogger: Logger = makeLogger({ write: () => undefined });

function replaceErrors(_key: string, value: unknown): unknown {
  if (value instanceof Error) {
    const cause = value.cause === undefined ? {} : { cause: value.cause };
    return { name: value.name, message: value.message, stack: value.stack, ...cause };
  }
  return typeof value === 'bigint' ? value.toString() : value;
}
