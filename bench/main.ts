import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../shared/errors.ts';
import { describeOptions, readOptions } from './tools/options.ts';

const SUFFIX = '.bench.ts';
const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const NAMES = readdirSync(FOLDER)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length))
  .sort();

const OPTIONS = {
  json: [false, 'one row of JSON to a line: name, value, unit, against, ratio, aim, met'],
  help: [false, 'this text'],
} as const;
const USAGE = `Usage: npm run bench [-- NAME…] [--json]

Every figure as a ratio against a ceiling or a peer of the same run: ${NAMES.join(', ')}.
One measures after the other; a quiet machine gives steadier figures. Each has options of its own:
node bench/NAME.bench.ts --help

${describeOptions(OPTIONS)}
Ends with status 1 where a benchmark fails; an aim that is not met is told in its row.
`;

process.exitCode = await main().catch((error) => {
  process.stderr.write(`${messageOf(error)}\n`);
  return 2;
});

/** Answers the exit status. */
async function main(): Promise<number> {
  const { values, positionals } = readOptions(OPTIONS, process.argv.slice(2));
  const unknown = positionals.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no benchmark ${unknown.join(', ')}; there are ${NAMES.join(', ')}.`);
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const memory = Math.round(totalmem() / 2 ** 30);
  process.stderr.write(
    `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, ${memory} GB, Node.js ${process.version}\n`,
  );
  let status = 0;
  for (const name of positionals.length > 0 ? positionals : NAMES) {
    if (!(await run(name, values.json ? ['--json'] : []))) status = 1;
  }
  return status;
}

/** Runs one benchmark, which prints its rows; false where it failed. */
async function run(name: string, args: readonly string[]): Promise<boolean> {
  const began = performance.now();
  const child = spawn(process.execPath, [`${FOLDER}${name}${SUFFIX}`, ...args], { stdio: 'inherit' });
  const [status] = (await once(child, 'close')) as [number | null];
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stderr.write(
    status === 0
      ? `${name} took ${seconds} s\n`
      : `The benchmark ${name} ended with ${status ?? 'a signal'}.\n`,
  );
  return status === 0;
}
