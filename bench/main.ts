import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../shared/command-line.ts';
import { ConfigError } from '../shared/errors.ts';

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

  --json   one row of JSON to a line: name, value, unit, against, ratio, aim, met, …
  --help   this text

Ends with status 1 where a benchmark fails; an aim that is not met is told in its row.
`;

await runCommand({
  call: 'npm run bench',
  usage: USAGE,
  positionals: true,
  options: { json: { type: 'boolean', default: false } },
  async run({ json }, names) {
    const unknown = names.filter((name) => !NAMES.includes(name));
    if (unknown.length > 0)
      throw new ConfigError(`there is no benchmark ${unknown.join(', ')}; there are ${NAMES.join(', ')}`);
    say(describeMachine());
    let status = 0;
    for (const name of names.length > 0 ? names : NAMES) {
      if (!(await run(name, json ? ['--json'] : []))) status = 1;
    }
    return status;
  },
});

/** Runs one benchmark, which prints its rows; false where it failed. */
async function run(name: string, args: readonly string[]): Promise<boolean> {
  const began = performance.now();
  const child = spawn(process.execPath, [`${FOLDER}${name}${SUFFIX}`, ...args], { stdio: 'inherit' });
  const [status] = (await once(child, 'close')) as [number | null];
  const seconds = Math.round((performance.now() - began) / 1000);
  say(
    status === 0 ? `${name} took ${seconds} s` : `The benchmark ${name} ended with ${status ?? 'a signal'}.`,
  );
  return status === 0;
}

function describeMachine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, ${memory} GB, Node.js ${process.version}`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
