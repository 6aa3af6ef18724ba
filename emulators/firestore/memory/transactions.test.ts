import { describe, expect, it } from 'vitest';
import type { Backend } from '../backend.ts';
import type { Write } from '../writes.ts';
import { makeMemoryBackend } from './memory-backend.ts';
import { makeTransactions } from './transactions.ts';

const DATABASE = 'projects/p/databases/(default)';
const named = (id: string) => `${DATABASE}/documents/things/${id}`;
const put = (id: string, text = 'new'): Write => ({
  kind: 'set',
  name: named(id),
  fields: new Map([['text', { kind: 'string', value: text }]]),
  transforms: [],
});
const READ_WRITE = { readOnly: false } as const;

/** A backend on a clock of its own, whose locks are waited for as long as told. */
function start(lockMs = 10_000): Backend & { pass(ms: number): void } {
  let now = Date.now();
  const transactions = makeTransactions(() => now, lockMs);
  return {
    ...makeMemoryBackend({ transactions }),
    pass: (ms) => {
      now += ms;
    },
  };
}

async function textOf(backend: Backend, id: string): Promise<unknown> {
  const { documents } = await backend.get([named(id)]);
  const text = documents[0]?.fields.get('text');
  return text?.kind === 'string' ? text.value : undefined;
}

describe('transactions', () => {
  it('hold back another write until they commit', async () => {
    const backend = start();
    const transaction = backend.begin(DATABASE, READ_WRITE);
    await backend.get([named('a')], { transaction });

    const outside = backend.commit(DATABASE, [put('a', 'outside')]);
    await backend.commit(DATABASE, [put('a', 'inside')], { transaction });
    expect(await textOf(backend, 'a')).toBe('inside');
    await outside;

    expect(await textOf(backend, 'a')).toBe('outside');
  });

  it('hold back what would become a result of their query', async () => {
    const backend = start();
    const transaction = backend.begin(DATABASE, READ_WRITE);
    const things = { parent: `${DATABASE}/documents`, collectionId: 'things', allDescendants: false };
    await backend.query({ ...things, orderBy: [], offset: 0 }, { transaction });

    let done = false;
    const inside = backend.commit(DATABASE, [put('new')]).then(() => {
      done = true;
    });
    await backend.commit(DATABASE, [{ ...put('x'), name: `${DATABASE}/documents/others/x` }]);
    expect(done).toBe(false);
    backend.rollback(transaction);
    await inside;

    expect(await textOf(backend, 'new')).toBe('new');
  });

  it('do not hold back each other from reading', async () => {
    const backend = start();
    const [one, other] = [backend.begin(DATABASE, READ_WRITE), backend.begin(DATABASE, READ_WRITE)];

    await backend.get([named('a')], { transaction: one });
    await backend.get([named('a')], { transaction: other });
    backend.rollback(one);
    await backend.commit(DATABASE, [put('a')], { transaction: other });

    expect(await textOf(backend, 'a')).toBe('new');
  });

  it('abort at once the one that closes a circle of waiting', async () => {
    const backend = start();
    const [one, other] = [backend.begin(DATABASE, READ_WRITE), backend.begin(DATABASE, READ_WRITE)];
    await backend.get([named('a')], { transaction: one });
    await backend.get([named('a')], { transaction: other });

    const first = backend.commit(DATABASE, [put('a', 'one')], { transaction: one });
    const second = backend.commit(DATABASE, [put('a', 'other')], { transaction: other });

    await expect(second).rejects.toMatchObject({ status: 'ABORTED' });
    await first;
    expect(await textOf(backend, 'a')).toBe('one');
  });

  it('abort the write that has waited too long', async () => {
    const backend = start(0);
    const transaction = backend.begin(DATABASE, READ_WRITE);
    await backend.get([named('a')], { transaction });

    await expect(backend.commit(DATABASE, [put('a')])).rejects.toMatchObject({ status: 'ABORTED' });
  });

  it('end after a minute in which nothing was asked of them', async () => {
    const backend = start(0);
    const transaction = backend.begin(DATABASE, READ_WRITE);
    await backend.get([named('a')], { transaction });
    backend.pass(60_001);
    await backend.commit(DATABASE, [put('a', 'outside')]);

    await expect(backend.commit(DATABASE, [put('a')], { transaction })).rejects.toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
    expect(await textOf(backend, 'a')).toBe('outside');
  });

  it('write nothing where they only read', async () => {
    const backend = start();
    const transaction = backend.begin(DATABASE, { readOnly: true });

    const writing = backend.commit(DATABASE, [put('a')], { transaction });

    await expect(writing).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
    expect(await textOf(backend, 'a')).toBeUndefined();
  });

  it.each(['commit', 'failure', 'rollback'])('are over after a %s', async (how) => {
    const backend = start();
    const transaction = backend.begin(DATABASE, READ_WRITE);
    if (how === 'rollback') backend.rollback(transaction);
    else {
      const write = how === 'commit' ? put('a') : ({ ...put('../a') } as Write);
      await backend.commit(DATABASE, [write], { transaction }).catch(() => undefined);
    }

    await expect(backend.get([named('a')], { transaction })).rejects.toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
  });
});
