import { expect, test } from 'vitest';
import { servedTarget } from './target.ts';

test.each([
  { args: ['--source=x', '--target=inbox', '--port=1'], environment: {}, target: 'inbox' },
  { args: ['--target', 'inbox'], environment: { FUNCTION_TARGET: 'ingest' }, target: 'inbox' },
  { args: [], environment: { FUNCTION_TARGET: 'ingest' }, target: 'ingest' },
  { args: [], environment: {}, target: undefined },
])('$args and $environment: $target', ({ args, environment, target }) => {
  expect(servedTarget(environment, args)).toBe(target);
});
