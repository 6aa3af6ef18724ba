import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const SUFFIX = '.bench.ts';
const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const NAMES = readdirSync(FOLDER)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length))
  .sort();

const USAGE = `Usage: npm run bench [-- NAME…] [--json]

Every figure as a ratio against a ceiling or a peer of the same run: ${NAMES.join(', ')}.
One measures after the other; a quiet machine gives steadier figures. Each has options of its own:
node bench/NAME.bench.ts --help

  --json    one row of JSON to a line: name, value, unit, against, ratio, aim, met
  --help    this text

Ends with status 1 where a benchmark fails; an aim that is not met is told in its row.
`;

/** What a benchmark prints with --json, one to a line. */
const Row = z.looseObject({
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  against: z.string(),
  ratio: z.number().nullish(),
  aim: z.number().nullish(),
  met: z.boolean().nullish(),
});
type Row = z.infer<typeof Row>;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const unknown = positionals.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}; there are ${NAMES.join(', ')}.\n`);
  process.exit(2);
}

let failed = 0;
if (!values.json) {
  const memory = Math.round(totalmem() / 2 ** 30);
  process.stdout.write(
    `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, ${memory} GB, Node.js ${process.version}\n\n`,
  );
}
for (const name of positionals.length > 0 ? positionals : NAMES) {
  if (!(await run(name))) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;

/** Runs one benchmark and prints its rows; false where it failed. */
async function run(name: string): Promise<boolean> {
  const child = spawn(process.execPath, [`${FOLDER}${name}${SUFFIX}`, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    const row = rowOf(line);
    if (row) process.stdout.write(`${values.json ? JSON.stringify(row) : describe(row)}\n`);
  }
  const [status] = (await ended) as [number | null];
  if (status !== 0) process.stderr.write(`The benchmark ${name} ended with ${status ?? 'a signal'}.\n`);
  return status === 0;
}

/** Undefined for a line that is no row. */
function rowOf(line: string): Row | undefined {
  try {
    return Row.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function describe({ name, value, unit, against, ratio, aim, met }: Row): string {
  const figure = `${name.padEnd(36)} ${String(value).padStart(10)} ${unit}`;
  if (ratio === undefined || ratio === null) return figure;
  const judged = aim === undefined || aim === null ? '' : ` (aim ${aim}${met ? ', met' : ', not met'})`;
  return `${figure}\n${' '.repeat(37)}${String(ratio).padStart(10)} of ${against}${judged}`;
}
