import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { KEY_FORMS } from '../../infra/build/leaks.ts';
import { shapeOf } from '../../infra/configuration/overrides.ts';
import { commonConfig, loadConfig } from '../../shared/config.ts';
import { messageOf } from '../../shared/errors.ts';
import { makeLogger } from '../../shared/log.ts';
import { FUNCTIONS } from '../../shared/pipeline.ts';

const holders = FUNCTIONS.flatMap((spec) => spec.secrets.map((secret) => ({ name: spec.name, secret })));

test.each(holders)(
  '$name does not say $secret when it, or another variable, does not fit',
  ({ name, secret }) => {
    const value = 'S3c'; // Too short for a key, and no list of keys with a name that is allowed.
    const environment = { GOOGLE_CLOUD_PROJECT: 'p', LOG_LEVEL: 'LOUD', [secret]: value };
    let said = '';
    try {
      loadConfig({ ...commonConfig, ...shapeOf(name) }, environment);
    } catch (error) {
      said = `${messageOf(error)}${error instanceof Error ? error.stack : ''}${JSON.stringify(error)}`;
    }
    expect(said).toContain('LOG_LEVEL');
    expect(said).not.toContain(value);
  },
);

test('a secret has no default', () => {
  for (const { name, secret } of holders) {
    const schema = shapeOf(name)[secret] as z.ZodType;
    expect([name, secret, schema.safeParse(undefined).success]).toEqual([name, secret, false]);
  }
});

test('an error in a log has name, message and stack, and nothing else that it carries', () => {
  const lines: string[] = [];
  const log = makeLogger({ write: (line) => void lines.push(line) });
  const error = Object.assign(new Error('refused'), {
    config: { headers: { authorization: 'Bearer very-secret' } },
    request: { token: 'very-secret' },
  });
  log.error('the call failed', { error: new Error('outer', { cause: error }) });
  expect(lines.join('')).toContain('refused');
  expect(lines.join('')).not.toContain('very-secret');
});

// A copy without its history has no list of files.
test.skipIf(!existsSync('.git'))('no key of a known form is in any file of the repository', () => {
  const files = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(Boolean);
  expect(files.length).toBeGreaterThan(500);
  expect(files.filter((file) => KEY_FORMS.test(readText(file)))).toEqual([]);
});

/** Files that were deleted and not yet committed have no text. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
