import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { parseCommandLine, portNumber, positiveNumber, required, wholeNumber } from './command-line.ts';
import { ConfigError } from './errors.ts';

const OPTIONS = {
  rate: { type: 'string', default: '5' },
  json: { type: 'boolean', default: false },
} as const;

test('reads options and their defaults, and --help everywhere', () => {
  const { values } = parseCommandLine(['--json', '-h'], OPTIONS);
  expect({ ...values }).toEqual({ rate: '5', json: true, help: true });
  expect(parseCommandLine(['a', 'b'], OPTIONS, { positionals: true }).positionals).toEqual(['a', 'b']);
});

test.each([[['--nope']], [['--rate']], [['word']], [['--json=yes']]])('%j cannot be', (args) => {
  expect(() => parseCommandLine(args, OPTIONS)).toThrow(ConfigError);
});

test('numbers are read as they are meant, and refused with their option', () => {
  expect(wholeNumber('limit', '12')).toBe(12);
  expect(wholeNumber('seed', '0', 0)).toBe(0);
  expect(positiveNumber('speed', '0.5')).toBe(0.5);
  expect(portNumber('port', '65535')).toBe(65_535);
  for (const text of ['', ' ', 'x', '0', '1.5', '-1', '1e400', '9007199254740993'])
    expect(() => wholeNumber('limit', text)).toThrow(`--limit ${text} is not a whole number of 1 or more`);
  for (const text of ['', 'x', '0', '-1', 'Infinity'])
    expect(() => positiveNumber('speed', text, 'seconds')).toThrow('is not a positive number of seconds');
  for (const text of ['', 'x', '-1', '65536', '1.5'])
    expect(() => portNumber('port', text)).toThrow('is not a port');
  expect(required('project', 'p')).toBe('p');
  expect(() => required('project', '')).toThrow('--project is needed');
});

const run = (...args: readonly string[]): Promise<{ status: unknown; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['infra/cost.ts', ...args], (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stdout, stderr }),
    );
  });

test('a command tells its usage, and what is wrong with its line in two lines and status 2', async () => {
  expect(await run('--help')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^Usage: npm run cost/),
  });
  const wrong = await run('--nope');
  expect(wrong).toMatchObject({ status: 2, stdout: '' });
  expect(wrong.stderr.trim().split('\n')).toEqual([
    expect.stringContaining("'--nope'"),
    'npm run cost -- --help tells more.',
  ]);
});
