import { parseArgs } from 'node:util';
import { messageOf } from '../shared/errors.ts';
import { FUNCTIONS } from '../shared/pipeline.ts';
import { buildBundle } from './build/bundle.ts';

/** Bytes of a minified bundle without its source map, at most. */
const BUDGET = 3_000_000;

const USAGE = `Usage: npm run build -- [NAME…] [--json]

Writes dist/<function>/ for each function named, or all: a minified bundle with its source map, and the package.json and
package-lock.json of what it asks for. Fails where a bundle is larger than 3 MB without its map.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const unknown = positionals.filter((name) => !FUNCTIONS.some((spec) => spec.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no function ${unknown.join(', ')}; there are ${FUNCTIONS.map(({ name }) => name).join(', ')}.\n`,
  );
  process.exit(2);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2).padStart(6)} MB`;
const rows: object[] = [];
let failures = 0;
for (const spec of FUNCTIONS) {
  if (positionals.length > 0 && !positionals.includes(spec.name)) continue;
  try {
    const { name, bytes, mapBytes, dependencies } = await buildBundle(spec);
    const met = bytes <= BUDGET;
    if (!met) failures += 1;
    rows.push({ name, bytes, budget_bytes: BUDGET, met, map_bytes: mapBytes, dependencies });
    if (!values.json) {
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
if (values.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
process.exit(failures === 0 ? 0 : 1);
