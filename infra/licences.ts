import { parseArgs } from 'node:util';
import { mayShip, readLicences } from './licences/licences.ts';

const USAGE = `Usage: npm run licences [-- --all] [--json]

Lists the licences of every package that the functions ship with, from package-lock.json and node_modules, and fails where one is not
among those allowed (infra/licences/allowed.ts).

  --all     also packages that are for development only
  --json    one JSON object on standard output
`;

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const packages = await readLicences(new URL('../', import.meta.url), { development: values.all });
const refused = packages.filter((each) => !mayShip(each));
if (values.json) process.stdout.write(`${JSON.stringify({ packages, refused })}\n`);
else {
  const byLicence = Map.groupBy(packages, ({ licence }) => licence);
  for (const [licence, some] of [...byLicence].sort(([, a], [, b]) => b.length - a.length)) {
    const names = some.map(({ name, version }) => `${name}@${version}`);
    process.stdout.write(
      `${String(some.length).padStart(5)}  ${licence}${some.length > 5 ? '' : `: ${names.join(', ')}`}\n`,
    );
  }
}
for (const { name, version, licence } of refused) {
  process.stderr.write(
    `${name}@${version} has the licence ${licence}, which is not among those allowed; take another package, or allow it in infra/licences/allowed.ts.\n`,
  );
}
process.exit(refused.length === 0 ? 0 : 1);
