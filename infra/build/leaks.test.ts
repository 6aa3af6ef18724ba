import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLeaks } from './leaks.ts';

const PATHS = ['/home/ada/nextclick'];
const KEY = `AIza${'x'.repeat(35)}`;

describe('findLeaks', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leaks-'));
    await mkdir(join(folder, 'sources'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['a key', `fetch("x", { key: "${KEY}" })`, 'a key of a known form'],
    ['a private key on one line', `"-----BEGIN PRIVATE KEY-----\\n${'Mi'.repeat(20)}"`, 'a key of a known'],
    ['a private key', `-----BEGIN RSA PRIVATE KEY-----\n${'Mi'.repeat(20)}`, 'a key of a known form'],
    ['a secret of the environment', 'const key = "a-secret-value"', 'the variable PSEUDONYM_KEY'],
    ['a path of the machine', 'throw Error("/home/ada/nextclick/shared/log.ts")', PATHS[0] ?? ''],
  ])('finds %s in a file of any folder, and does not repeat it', async (_, text, words) => {
    await writeFile(join(folder, 'index.js'), 'export {};');
    await writeFile(join(folder, 'sources', 'shop.yaml'), text);
    const leaks = await findLeaks(folder, {
      paths: PATHS,
      environment: { PSEUDONYM_KEY: 'a-secret-value' },
    });
    expect(leaks).toEqual([expect.stringContaining(words)]);
    expect(leaks[0]).toContain('shop.yaml');
    expect(leaks[0]).not.toContain(KEY);
    expect(leaks[0]).not.toContain('a-secret-value');
  });

  it('takes no offence at what programs say of keys, nor at short or public values', async () => {
    const text = 'if (!pem.includes("-----BEGIN PRIVATE KEY-----")) throw Error("production of true keys")';
    await writeFile(join(folder, 'index.js'), text);
    const environment = { NODE_ENV: 'production', KEY_COUNT: 'true', TOKEN: undefined };
    expect(await findLeaks(folder, { paths: PATHS, environment })).toEqual([]);
  });
});
