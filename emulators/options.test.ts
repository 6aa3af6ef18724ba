import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConfigError } from '../shared/errors.ts';
import { readOptions } from './options.ts';

const folder = mkdtempSync(join(tmpdir(), 'nextclick-options-'));
const file = join(folder, 'events.csv');
writeFileSync(file, 'a,b\n');
afterAll(() => rmSync(folder, { recursive: true }));

test('without options the shop runs', () => {
  expect(readOptions([])).toEqual({
    help: false,
    replay: undefined,
    mapping: 'native',
    speed: undefined,
    exit: false,
    json: false,
    data: undefined,
    emulators: 'own',
    killEvery: undefined,
  });
});

test('a replay as the README asks for it', () => {
  const line = ['--replay', file, '--mapping', 'retailrocket', '--exit', '--json', '--kill-every', '2.5'];
  expect(readOptions(line)).toMatchObject({
    replay: file,
    mapping: 'retailrocket',
    exit: true,
    json: true,
    killEvery: 2.5,
  });
});

test.each([
  [['--reply', file], /--reply/],
  [[file], /events\.csv/],
  [['--replay'], /--replay/],
  [['--replay', join(folder, 'absent.csv')], /--replay .*absent\.csv cannot be read: ENOENT/],
  [
    ['--replay', file, '--mapping', 'retail'],
    /--mapping retail is not in functions.load.sources, .*retailrocket/,
  ],
  [['--replay', file, '--speed', 'fast'], /--speed fast is not a positive number/],
  [['--kill-every', '0'], /--kill-every 0 is not a positive number/],
  [['--kill-every=-1'], /--kill-every -1 is not a positive number/],
  [['--emulators', 'java'], /--emulators java is neither own nor google/],
  [['--exit'], /--exit goes with --replay FILE/],
])('%j is refused with its reason', (line, reason) => {
  expect(() => readOptions(line)).toThrow(ConfigError);
  expect(() => readOptions(line)).toThrow(reason);
});
