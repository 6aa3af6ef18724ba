import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { allGcloudLines, oneOfEachForm } from './gcloud-lines.ts';
import { allPhases } from './steps/all.ts';

const target = {
  project: 'demo',
  region: 'europe-west1',
  overrides: { ingest: { ALLOWED_ORIGINS: 'https://a.example,https://b.example' } },
  email: 'ops@shop.example',
  modelTag: '0123456789abcdef',
  hosting: true,
};
const env = { ...process.env, CLOUDSDK_CORE_DISABLE_PROMPTS: '1', CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true' };

interface Linted {
  readonly success: boolean;
  readonly command_string: string;
  readonly error_message: string | null;
}

function hasGcloud(): boolean {
  try {
    execFileSync('gcloud', ['version'], { env, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const why = hasGcloud() ? '' : ' (skipped: gcloud is not installed)';

test.skipIf(why)(`gcloud knows every form of command a deploy runs${why}`, { timeout: 300_000 }, async () => {
  const lines = oneOfEachForm(allGcloudLines(allPhases(target)));
  expect(lines.length).toBeGreaterThan(50);
  const folder = await mkdtemp(join(tmpdir(), 'nextclick-lint-'));
  try {
    const file = join(folder, 'commands.json');
    await writeFile(file, JSON.stringify(lines.map((line, id) => ({ command_string: line, id: id + 1 }))));
    const words = ['meta', 'lint-gcloud-commands', `--commands-file=${file}`, '--serialize'];
    const { stdout } = await promisify(execFile)('gcloud', words, { env, maxBuffer: 256 * 1024 * 1024 });
    const results = Object.values(JSON.parse(stdout) as Record<string, Linted[]>).flat();
    expect(results.length).toBe(lines.length);
    const refused = results.filter(({ success }) => !success);
    expect(refused.map((each) => [each.command_string, each.error_message])).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
