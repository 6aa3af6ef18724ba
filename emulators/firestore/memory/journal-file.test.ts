import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backend } from '../backend.ts';
import type { Fields, Value } from '../values.ts';
import { anyKey, anyValue } from '../wire/any-value.ts';
import { openJournal } from './journal-file.ts';
import { makeMemoryBackend } from './memory-backend.ts';

const DATABASE = 'projects/p/databases/(default)';
const named = (id: string) => `${DATABASE}/documents/things/${id}`;

describe('a journal file', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journal-'));
    file = join(folder, 'data', 'documents.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const start = async (compactBytes?: number): Promise<Backend> =>
    makeMemoryBackend({
      journal: await openJournal(file, compactBytes === undefined ? {} : { compactBytes }),
    });

  async function put(backend: Backend, id: string, fields: Fields): Promise<void> {
    await backend.commit(DATABASE, [{ kind: 'set', name: named(id), fields, transforms: [] }]);
  }

  const text = (value: string): Fields => new Map([['text', { kind: 'string', value } satisfies Value]]);

  it('has every value again after a restart, with its times', async () => {
    const entry = fc.tuple(anyKey(), anyValue());
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 5 }), async (entries) => {
        const before = await start();
        await before.reset();
        await put(before, 'a', new Map(entries));
        const { documents: stored } = await before.get([named('a')]);
        await before.close();

        const after = await start();
        expect((await after.get([named('a')])).documents).toEqual(stored);
        await after.close();
      }),
      { numRuns: 20 },
    );
  });

  it('has what was answered, after a crash that cut a line short', async () => {
    const before = await start();
    await put(before, 'a', text('first'));
    await put(before, 'b', text('second'));
    await before.commit(DATABASE, [{ kind: 'delete', name: named('a') }]);
    await appendFile(file, '{"time":"99999999999999999","put":[{"na');

    const after = await start();

    const { documents } = await after.get([named('a'), named('b')]);
    expect(documents.map((each) => each?.fields)).toEqual([undefined, text('second')]);
    await Promise.all([before.close(), after.close()]);
  });

  it('goes on with later times, whatever the clock says', async () => {
    const journal = await openJournal(file);
    const ahead = BigInt(Date.now() + 3_600_000) * 1000n;
    await journal.append(ahead, []);
    await journal.close();

    const after = await start();

    expect(after.now()).toBeGreaterThan(ahead);
    await after.close();
  });

  it('does not grow with changes to the same documents', async () => {
    const backend = await start(10_000);
    await Promise.all(
      Array.from({ length: 300 }, (_, turn) => put(backend, `d${turn % 3}`, text(`${turn}`.padEnd(100)))),
    );

    expect((await stat(file)).size).toBeLessThan(30_000);
    await backend.close();
    const after = await start();
    const { documents } = await after.get([0, 1, 2].map((index) => named(`d${index}`)));
    expect(documents.map((each) => each?.fields)).toEqual(
      [297, 298, 299].map((turn) => text(`${turn}`.padEnd(100))),
    );
    await after.close();
    expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toHaveLength(1);
  });
});
