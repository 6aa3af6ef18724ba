import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AccountChange, type Journal, makeAccounts } from './accounts.ts';

/** A journal that keeps nothing. */
export const noJournal: Journal = { changes: [], append: async () => undefined };

/**
 * A journal as a file of JSON lines. A line that a crash cut short is left out. Opening it writes it anew with the
 * accounts that are left, so that it does not grow from run to run.
 */
export async function openJournal(file: string): Promise<Journal> {
  await mkdir(dirname(file), { recursive: true });
  const changes = (await readLines(file)).flatMap((line): AccountChange[] => {
    try {
      return [JSON.parse(line) as AccountChange];
    } catch {
      return [];
    }
  });
  const left = compact(changes);
  await writeFile(`${file}.tmp`, left.map((change) => `${JSON.stringify(change)}\n`).join(''));
  await rename(`${file}.tmp`, file);
  let written: Promise<void> = Promise.resolve();
  return {
    changes: left,
    append(change) {
      const append = () => appendFile(file, `${JSON.stringify(change)}\n`);
      written = written.then(append, append);
      return written;
    },
  };
}

async function readLines(file: string): Promise<readonly string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return [];
    throw error;
  }
}

/** The changes that lead to the same accounts by the shortest way. */
function compact(changes: readonly AccountChange[]): readonly AccountChange[] {
  const accounts = makeAccounts({ changes, append: async () => undefined });
  const projects = new Set(changes.flatMap((change) => ('project' in change ? [change.project] : [])));
  return [...projects].flatMap((project) =>
    accounts.list(project).map((account): AccountChange => ({ kind: 'put', project, account })),
  );
}
