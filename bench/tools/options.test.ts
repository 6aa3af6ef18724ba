import { expect, test } from 'vitest';
import { ConfigError } from '../../shared/errors.ts';
import { argumentsOf, describeOptions, readOptions } from './options.ts';

const OPTIONS = {
  rounds: [3, 'that count'],
  gzip: [false, 'the file is compressed'],
  model: ['', 'a folder'],
} as const;

test('options have their defaults, and their types', () => {
  expect(readOptions(OPTIONS, [])).toEqual({
    values: { rounds: 3, gzip: false, model: '' },
    positionals: [],
    help: false,
  });
  expect(readOptions(OPTIONS, ['--rounds', '7', 'ingest', '--gzip', '--model=m', '-h'])).toEqual({
    values: { rounds: 7, gzip: true, model: 'm' },
    positionals: ['ingest'],
    help: true,
  });
});

test('what was read can be handed on', () => {
  const { values } = readOptions(OPTIONS, ['--gzip', '--model=-x']);
  expect(readOptions(OPTIONS, argumentsOf(values)).values).toEqual(values);
});

test.each([[['--rounds', '0']], [['--rounds', 'many']], [['--round', '1']]])('%j is refused', (args) => {
  expect(() => readOptions(OPTIONS, args)).toThrow(ConfigError);
});

test('every option is described', () => {
  expect(describeOptions(OPTIONS)).toBe(
    '  --rounds N   that count; default 3\n  --gzip       the file is compressed\n  --model …    a folder\n  --help       this text\n',
  );
});
