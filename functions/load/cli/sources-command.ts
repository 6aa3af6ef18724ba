import { runCommand, wholeNumber } from '../../../shared/command-line.ts';
import { ConfigError } from '../../../shared/errors.ts';
import { loadSources } from '../sources.ts';
import { type CheckReport, checkFile } from './check.ts';
import { inferSource } from './infer.ts';

const USAGE = `Usage: npm run sources -- COMMAND

  list                        the sources there are (functions/load/sources/*.yaml)
  check FILE --source NAME    what would come of a file: first events, columns, and what would fail; loads nothing
  infer FILE                  proposes a source for a file, as YAML on standard output

  --rows N     first events that check shows; default 3
  --limit N    records that check reads; default 100000
  --json       one JSON object on standard output
  --help       this text

check ends with status 1 where a record would fail.
`;

await runCommand({
  call: 'npm run sources',
  usage: USAGE,
  positionals: true,
  options: {
    source: { type: 'string' },
    rows: { type: 'string', default: '3' },
    limit: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
  run: async (values, [command, file]) => {
    if (command === 'list') {
      for (const { name, mapping } of loadSources().values()) {
        process.stdout.write(`${name.padEnd(14)} ${mapping.description ?? ''}\n`);
      }
      return 0;
    }
    if (command !== 'check' && command !== 'infer') {
      throw new ConfigError(`"${command ?? ''}" is no command: list, check, infer are.`);
    }
    if (file === undefined) throw new ConfigError(`${command} needs a FILE.`);
    if (command === 'infer') {
      process.stdout.write(await inferSource(file));
      return 0;
    }
    const sources = loadSources();
    const source = sources.get(values.source ?? '');
    if (!source) {
      throw new ConfigError(
        `--source ${values.source ?? 'is missing; it'} is none of ${[...sources.keys()].join(', ')}.`,
      );
    }
    const report = await checkFile(file, source, {
      show: wholeNumber('rows', values.rows),
      limit: wholeNumber('limit', values.limit),
    });
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : describe(file, report));
    return report.failed > 0 ? 1 : 0;
  },
});

function describe(file: string, report: CheckReport): string {
  const { format, columns, first, failures, read, events, failed, whole } = report;
  if (!format) return `${file} has no records.\n`;
  const compression = format.compression === 'none' ? 'plain' : format.compression;
  const width = Math.max(...columns.map(({ column }) => column.length), 6);
  const lines = [
    `${file}: ${format.kind}, ${compression}${format.kind === 'table' ? `, delimiter ${JSON.stringify(format.delimiter)}` : ''}`,
    '',
    ...columns.map(
      ({ column, type, filled, distinct, examples }) =>
        `  ${column.padEnd(width)}  ${type.padEnd(8)} ${String(filled).padStart(6)} filled ${String(distinct).padStart(6)} distinct   ${examples[0]?.slice(0, 60) ?? ''}`,
    ),
    '',
    ...first.map((event) => `  ${JSON.stringify(event)}`),
    '',
    `${whole ? '' : 'of the first '}${read} records: ${events} events, ${failed} would fail`,
    ...failures.map(({ count, message, line }) => `  ${count} ×  ${message} (line ${line})`),
  ];
  return `${lines.join('\n')}\n`;
}
