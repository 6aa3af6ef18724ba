import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { COMMONJS } from './node-bundle.ts';

it('a program in one file is as strict as the modules that it is made of', async () => {
  const contents =
    "export const frozen = Object.freeze({ a: 1 }); import { cwd } from 'node:process'; cwd(); frozen.a = 2;";
  const { outputFiles } = await build({
    ...COMMONJS,
    stdin: { contents, loader: 'ts' },
    sourcemap: false,
    write: false,
  });
  const run = new Function('exports', 'require', 'module', '__filename', outputFiles[0]?.text ?? '');
  const require = () => ({ pathToFileURL: () => new URL('file:///x'), cwd: () => '' });
  expect(() => run({}, require, { exports: {} }, '/x')).toThrow('Cannot assign to read only property');
});
