import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runCommand } from '../shared/command-line.ts';

const USAGE = `Usage: npm run test:emulators [-- --no-java] [FILTER…]

Runs what depends on the Pub/Sub and Firestore emulators: the contract suites, in a browser too, and the whole flow.
With Java, Google's emulators are held to the same, and the whole flow runs with them as well.
  --no-java   as on a machine without Java: what compares with Google's is skipped, everything else has to work
  FILTER      test files, instead of all of these
`;
const FILES = [
  'test/contract/firestore',
  'test/contract/pubsub',
  'test/contract/auth-firestore',
  'test/e2e',
  'infra/deploy/gcloud',
];

await runCommand({
  call: 'npm run test:emulators',
  usage: USAGE,
  positionals: true,
  options: { 'no-java': { type: 'boolean', default: false } },
  run: async (values, positionals) => {
    /** A folder to go before all others on the path, where `java` is what it is on a machine that has none. */
    const folder = mkdtempSync(join(tmpdir(), 'nextclick-no-java-'));
    writeFileSync(join(folder, 'java'), '#!/bin/sh\necho "java: not found" >&2\nexit 127\n', { mode: 0o755 });
    const path = values['no-java'] ? [folder, process.env.PATH].join(delimiter) : process.env.PATH;
    const tests = spawn('npx', ['vitest', 'run', ...(positionals.length > 0 ? positionals : FILES)], {
      stdio: 'inherit',
      env: { ...process.env, PATH: path, EMULATOR_TESTS: 'all' },
    });
    const [status] = (await once(tests, 'exit')) as [number | null];
    rmSync(folder, { recursive: true });
    return status ?? 1;
  },
});
