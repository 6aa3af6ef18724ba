import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../shared/command-line.ts';
import { ConfigError, messageOf } from '../shared/errors.ts';
import { FUNCTIONS } from '../shared/pipeline.ts';
import { buildBundle, bundleFolder } from './build/bundle.ts';
import { findLeaks } from './build/leaks.ts';

/** Bytes of a minified bundle without its source map, at most. */
const BUDGET = 3_000_000;
/** What is of this machine and of who builds. */
const CONFIDENTIAL = {
  paths: [fileURLToPath(new URL('..', import.meta.url)), `${homedir()}/`],
  environment: process.env,
};

const USAGE = `Usage: npm run build -- [NAME…] [--json]

Writes dist/<function>/ for each function named, or all: a minified bundle with its source map, and the package.json and
package-lock.json of what it asks for. Fails where a bundle is larger than 3 MB without its map, and where a file of it has
a key, the value of a secret in this environment, or a path of this machine.
`;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2).padStart(6)} MB`;

await runCommand({
  call: 'npm run build',
  usage: USAGE,
  positionals: true,
  options: { json: { type: 'boolean', default: false } },
  run: async ({ json }, names) => {
    const unknown = names.filter((name) => !FUNCTIONS.some((spec) => spec.name === name));
    if (unknown.length > 0) {
      throw new ConfigError(
        `There is no function ${unknown.join(', ')}; there are ${FUNCTIONS.map(({ name }) => name).join(', ')}.`,
      );
    }
    const rows: object[] = [];
    let failures = 0;
    for (const spec of FUNCTIONS) {
      if (names.length > 0 && !names.includes(spec.name)) continue;
      try {
        const { name, bytes, mapBytes, dependencies } = await buildBundle(spec);
        const leaks = await findLeaks(bundleFolder(name), CONFIDENTIAL);
        for (const leak of leaks)
          process.stderr.write(`The bundle of ${name} must not be deployed: ${leak}.\n`);
        failures += leaks.length;
        const met = bytes <= BUDGET;
        if (!met) failures += 1;
        rows.push({ name, bytes, budget_bytes: BUDGET, met, map_bytes: mapBytes, dependencies });
        if (!json) {
          const outside = Object.keys(dependencies).join(', ');
          process.stdout.write(
            `${name.padEnd(10)} ${megabytes(bytes)}${met ? '' : ` of ${megabytes(BUDGET).trim()} allowed`}   ` +
              `map ${megabytes(mapBytes).trim()}   outside: ${outside}\n`,
          );
        }
      } catch (error) {
        failures += 1;
        process.stderr.write(`The bundle of ${spec.name} could not be built: ${messageOf(error)}\n`);
      }
    }
    if (json) process.stdout.write(`${JSON.stringify(rows)}\n`);
    return failures === 0 ? 0 : 1;
  },
});
