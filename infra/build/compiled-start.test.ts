import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const START = new URL('compiled-start.cjs', import.meta.url);
/** The same length for any digit, which is all by which V8 tells sources apart; what is not run is not compiled. */
const sourceOf = (digit: number): string =>
  `const digit = ${digit}; exports.answer = () => digit; if (!process.env.CONFIGURED) throw new Error('unconfigured');`;

describe('a function that starts compiled', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'compiled-'));
    await copyFile(START, join(folder, 'index.cjs'));
    await writeSource(1);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const writeSource = (digit: number) => writeFile(join(folder, 'function.cjs'), sourceOf(digit));
  const node = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    (await promisify(execFile)(process.execPath, args, { cwd: folder, env })).stdout;
  const compile = () => node(['index.cjs']);
  const answer = (...flags: readonly string[]) =>
    node([...flags, '-p', "require('./index.cjs').answer()"], { CONFIGURED: 'yes' });
  const compiled = async () => (await readdir(folder)).filter((name) => name.endsWith('.v8'));

  /** Puts another source under the code that was compiled: where that code is run, the answer is 1, where it is not, 2. */
  const replaceSource = async () => {
    const [code = ''] = await compiled();
    await writeSource(2);
    await rename(join(folder, code), join(folder, `function.${crc32(sourceOf(2)).toString(16)}.v8`));
  };

  it('is compiled without configuration, and then starts by what was compiled', async () => {
    expect(await compile()).toMatch(/^function\.cjs is compiled: \d+ bytes\.\n$/);
    expect(await answer()).toBe('1\n');
    await replaceSource();
    expect(await answer()).toBe('1\n');
    // As platforms set it, by the instance's memory.
    expect(await answer('--max-old-space-size=409')).toBe('1\n');
  });

  it('starts all the same where nothing was compiled, and where it does not start says why', async () => {
    expect(await compiled()).toEqual([]);
    expect(await answer()).toBe('1\n');
    await expect(node(['-e', "require('./index.cjs')"])).rejects.toThrow('unconfigured');
  });

  it.each([
    ['is of another source', () => writeSource(2), [], '2\n'],
    ['is damaged', async () => writeFile(join(folder, (await compiled())[0] ?? ''), 'damaged'), [], '1\n'],
    ['is of a V8 with other flags', replaceSource, ['--no-opt'], '2\n'],
  ])('compiles the source itself where the code %s', async (_, happens, flags, expected) => {
    await compile();
    await happens();
    expect(await answer(...flags)).toBe(expected);
  });

  it('is compiled once more where its source has changed', async () => {
    await compile();
    await writeSource(2);
    await compile();
    expect(await compiled()).toHaveLength(2);
    expect(await answer()).toBe('2\n');
  });
});
