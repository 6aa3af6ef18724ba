import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { casesOf, readSessions, readTestCases } from './sessions-file.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nextclick-sessions-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

describe('srgnn files', () => {
  it.each([
    ['sessions.txt', (text: string) => text],
    ['sessions.txt.gz', (text: string) => gzipSync(text)],
  ])('%s holds a session a line, empty lines left out', async (name, encode) => {
    const path = await fileOf(name, encode('1 2 1\n\n7\n'));
    expect(await Array.fromAsync(readSessions(path, 'srgnn'))).toEqual([
      { items: ['1', '2', '1'] },
      { items: ['7'] },
    ]);
  });

  it('test cases name the next item, then the session; further columns are left alone', async () => {
    const path = await fileOf('test.tsv', '9\t1 2\n8\t3\t55\t1441940543\n');
    expect(await Array.fromAsync(readTestCases(path, 'srgnn'))).toEqual([
      { next: '9', prefix: ['1', '2'] },
      { next: '8', prefix: ['3'] },
    ]);
  });
});

describe('tables of clicks', () => {
  it('are gathered into sessions in order of time, with events where every click has one', async () => {
    const rows = [
      'SessionId\tItemId\tTime\tEvent',
      's\tb\t20\tadd_to_cart',
      's\ta\t10\tview_item',
      't\tc\t5',
    ];
    const path = await fileOf('clicks.tsv', `${rows.join('\n')}\n`);
    expect(await Array.fromAsync(readSessions(path, 'sessions'))).toEqual([
      { items: ['a', 'b'], times: [10_000, 20_000], events: ['view_item', 'add_to_cart'] },
      { items: ['c'], times: [5000] },
    ]);
  });

  it('bring the categories of items, empty where one has none', async () => {
    const rows = [
      'SessionId\tItemId\tTime\tEvent\tCategory',
      's\ta\t10\tview_item\tshoes',
      's\tb\t20\tview_item',
    ];
    const path = await fileOf('clicks.tsv', `${rows.join('\n')}\n`);
    const [session] = await Array.fromAsync(readSessions(path, 'sessions'));
    expect(session?.categories).toEqual(['shoes', '']);
  });
});

describe('casesOf', () => {
  it('makes each click after the first a case', () => {
    expect([...casesOf({ items: ['a', 'b', 'a'] })]).toEqual([
      { prefix: ['a'], next: 'b' },
      { prefix: ['a', 'b'], next: 'a' },
    ]);
  });

  it('does not ask for the item whose view became a cart', () => {
    const session = { items: ['a', 'a', 'b'], events: ['view_item', 'add_to_cart', 'view_item'] };
    expect([...casesOf(session)]).toEqual([{ prefix: ['a'], events: ['add_to_cart'], next: 'b' }]);
  });
});
