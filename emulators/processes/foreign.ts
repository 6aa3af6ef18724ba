import { spawn } from 'node:child_process';

/**
 * Runs a program that knows nothing of its parent (Google's emulators, in Java), and ends it when the parent is gone:
 * `node --import lifeline.mjs foreign.ts COMMAND [ARG …]`.
 */
const [command = '', ...args] = process.argv.slice(2);
const program = spawn(command, args, { stdio: 'inherit' });
program.on('error', (error) => {
  process.stderr.write(`${command} cannot be started: ${error.message}\n`);
  process.exit(127);
});
program.on('exit', (code) => process.exit(code ?? 1));
process.on('exit', () => program.kill('SIGKILL'));
process.on('SIGTERM', () => process.exit(0));
process.on('SIGINT', () => process.exit(0));
