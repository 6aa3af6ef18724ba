import { expect, test } from 'vitest';
import { ConfigError } from '../../../shared/errors.ts';
import { describeReplay } from './describe.ts';
import { loadTransform } from './load-transform.ts';
import { readReplayCommand } from './options.ts';

test('reads options, and has a limit by default', () => {
  expect(readReplayCommand(['--where', 'attempts = 1', '--dry-run', '--json'])).toEqual({
    where: 'attempts = 1',
    transform: undefined,
    dryRun: true,
    limit: 10_000,
    again: false,
    json: true,
    help: false,
  });
});

test.each([
  [[], '--where is missing'],
  [['--where', 'x', '--limit', '0'], '--limit 0 is not a whole number of 1 or more'],
  [['--where', 'x', '--force'], '--force'],
])('%j: %s', (args, message) => {
  expect(() => readReplayCommand(args)).toThrow(ConfigError);
  expect(() => readReplayCommand(args)).toThrow(message);
});

test('a transform that cannot be loaded, or is none, is told with its file', async () => {
  await expect(loadTransform('absent.ts')).rejects.toThrow('--transform absent.ts cannot be loaded');
  await expect(loadTransform('functions/replay/columns.ts')).rejects.toThrow('exports no function');
});

test('a report names causes and obstacles', () => {
  const report = {
    replay_id: 'run',
    found: 3,
    replayed: 2,
    skipped: { file: 1 },
    causes: { 'enrich internal': 2 },
    more: false,
  };
  const text = describeReplay(report, false);
  for (const part of [
    '3  failed events found',
    '2  published again',
    'enrich internal',
    'inbox bucket',
    "replay_id = 'run'",
  ]) {
    expect(text).toContain(part);
  }
  expect(describeReplay(report, true)).toContain('would be published again');
});
