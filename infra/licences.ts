import { runCommand } from '../shared/command-line.ts';
import { mayShip, readLicences } from './licences/licences.ts';

const USAGE = `Usage: npm run licences [-- --all] [--json]

Lists the licences of every package that the functions ship with, from package-lock.json and node_modules, and fails where one is not
among those allowed (infra/licences/allowed.ts).

  --all     also packages that are for development only
  --json    one JSON object on standard output
`;

await runCommand({
  call: 'npm run licences',
  usage: USAGE,
  options: { all: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  run: async ({ all, json }) => {
    const packages = await readLicences(new URL('../', import.meta.url), { development: all });
    const refused = packages.filter((each) => !mayShip(each));
    if (json) process.stdout.write(`${JSON.stringify({ packages, refused })}\n`);
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
    return refused.length === 0 ? 0 : 1;
  },
});
