import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Lockfile, pruneLockfile } from './lockfile.ts';

const manifest = { name: 'b', version: '1.0.0', engines: { node: '>=24' }, dependencies: { a: '1.0.0' } };
const lock = (packages: Lockfile['packages']): Lockfile => ({ lockfileVersion: 3, packages });
const paths = (pruned: object) => Object.keys((pruned as Lockfile).packages);

describe('pruneLockfile', () => {
  it('keeps what is needed, nested copies where they are, and nothing else', () => {
    const pruned = pruneLockfile(
      lock({
        '': {},
        'node_modules/a': { version: '1.0.0', dependencies: { c: '^2' }, dev: true },
        'node_modules/a/node_modules/c': { version: '2.0.0', dependencies: { d: '1' } },
        'node_modules/c': { version: '1.0.0' },
        'node_modules/d': { version: '1.0.0', dependencies: { a: '1' } },
        'node_modules/unused': { version: '1.0.0' },
      }),
      manifest,
    );
    expect(paths(pruned)).toEqual(['', 'node_modules/a', 'node_modules/a/node_modules/c', 'node_modules/d']);
    expect((pruned as Lockfile).packages['node_modules/a']).not.toHaveProperty('dev');
    expect((pruned as Lockfile).packages['']).toEqual(manifest);
  });

  it('leaves out what is optional and absent, and refuses what is needed and absent', () => {
    const optional = {
      version: '1',
      optionalDependencies: { gone: '1' },
      peerDependencies: { peer: '1' },
      peerDependenciesMeta: { peer: { optional: true } },
    };
    expect(paths(pruneLockfile(lock({ 'node_modules/a': optional }), manifest))).toEqual([
      '',
      'node_modules/a',
    ]);
    const needing = lock({ 'node_modules/a': { version: '1', dependencies: { gone: '1' } } });
    expect(() => pruneLockfile(needing, manifest)).toThrow(/gone, which node_modules\/a needs.*npm install/);
  });

  it('takes the framework out of the repository’s own lockfile whole', async () => {
    const whole = JSON.parse(await readFile('package-lock.json', 'utf8')) as Lockfile;
    const framework = '@google-cloud/functions-framework';
    const dependencies = { [framework]: whole.packages[`node_modules/${framework}`]?.version ?? '' };
    const kept = paths(pruneLockfile(whole, { ...manifest, dependencies }));
    expect(kept).toContain('node_modules/express');
    expect(kept).not.toContain('node_modules/vitest');
    expect(kept.length).toBeLessThan(200);
  });
});
