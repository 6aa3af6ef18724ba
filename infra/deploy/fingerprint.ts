import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, shellLine } from './command.ts';
import type { Step } from './step.ts';

/** What a step would do, in sixteen digits: its commands, and the content of the files they read, below `root`. */
export async function fingerprint(step: Step, root: string): Promise<string> {
  const hash = createHash('sha256');
  const lines = (commands: readonly Command[] = []): string => commands.map(shellLine).join('\n');
  hash.update(`${lines(step.create)}\0${lines(step.update)}`);
  for (const path of step.reads ?? []) hash.update(`\0${await contentHash([path], root)}`);
  return hash.digest('hex').slice(0, 16);
}

/** The content of files and folders, names included; a path that is not there counts as such. */
export async function contentHash(paths: readonly string[], root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of await filesOf(path, root)) {
      hash.update(`${file}\0`).update(await readFile(join(root, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesOf(path: string, root: string): Promise<readonly string[]> {
  const found = await stat(join(root, path)).catch(() => undefined);
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  const names = (await readdir(join(root, path))).sort();
  const nested = await Promise.all(names.map((name) => filesOf(`${path}/${name}`, root)));
  return nested.flat();
}
