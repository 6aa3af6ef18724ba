import { beforeEach, describe, expect, it } from 'vitest';
import type { Access, Backend } from '../backend.ts';
import { FirestoreError } from '../firestore-error.ts';
import type { ListenEvent, ListenStream, Target } from '../listen.ts';
import type { Query } from '../query.ts';
import { makeMemoryBackend } from './memory-backend.ts';

const DATABASE = 'projects/p/databases/(default)';
const named = (id: string) => `${DATABASE}/documents/things/${id}`;
const ALL: Query = {
  parent: `${DATABASE}/documents`,
  collectionId: 'things',
  allDescendants: false,
  orderBy: [],
  offset: 0,
};

describe('a listener', () => {
  let backend: Backend;

  beforeEach(async () => {
    backend = makeMemoryBackend();
    for (const id of ['a', 'b', 'c']) await put(id, 1n);
  });

  async function put(id: string, n: bigint): Promise<void> {
    const fields = new Map([['n', { kind: 'integer', value: n } as const]]);
    await backend.commit(DATABASE, [{ kind: 'set', name: named(id), fields, transforms: [] }]);
  }
  const remove = (id: string) => backend.commit(DATABASE, [{ kind: 'delete', name: named(id) }]);

  function listen(
    access?: Access,
  ): ListenStream & { readonly heard: ListenEvent[]; words(): readonly string[] } {
    const heard: ListenEvent[] = [];
    const stream = backend.listen((events) => heard.push(...events), access);
    return { ...stream, heard, words: () => heard.splice(0).map(words) };
  }

  const target = (more: Partial<Target> = {}): Target =>
    ({ id: 7, kind: 'query', query: ALL, once: false, ...more }) as Target;

  /** Where a listener left off that has heard everything so far. */
  function leftOff(): Uint8Array {
    const stream = listen();
    stream.add(target());
    stream.close();
    const last = stream.heard.at(-1);
    if (last?.kind !== 'target' || !last.resumeToken) throw new Error('the last event is no snapshot');
    return last.resumeToken;
  }

  it('hears everything, then what changes, each time ended by a snapshot', async () => {
    const stream = listen();
    stream.add(target());
    expect(stream.words()).toEqual(['ADD 7', 'a', 'b', 'c', 'CURRENT 7', 'snapshot']);

    await put('b', 2n);
    await remove('c');
    expect(stream.words()).toEqual(['b', 'snapshot', '-c', 'snapshot']);

    await put('b', 2n);
    expect(stream.words()).toEqual([]);
  });

  it('hears of a commit that was under way when it began, once', async () => {
    const stream = listen();
    const writing = put('d', 1n);
    stream.add(target());
    await writing;
    const told = stream.words();
    expect(told.filter((word) => word === 'd')).toHaveLength(1);
    expect(told.at(-1)).toBe('snapshot');
  });

  it('hears times that only rise', async () => {
    const stream = listen();
    stream.add(target());
    stream.heartbeat();
    await put('d', 1n);
    stream.add(target({ id: 8 }));

    const times = stream.heard.flatMap((event) =>
      event.kind === 'target' && event.change === 'NO_CHANGE' ? [event.readTime ?? 0n] : [],
    );
    expect(times).toHaveLength(4);
    expect([...new Set(times)].sort()).toEqual(times);
  });

  it.each<[string, Partial<Target>]>([
    ['a query', { kind: 'query', query: ALL } as Partial<Target>],
    ['a query with a limit', { kind: 'query', query: { ...ALL, limit: 3 } } as Partial<Target>],
    ['documents', { kind: 'documents', names: ['a', 'b', 'c', 'd'].map(named) } as Partial<Target>],
  ])('takes up %s where it left off, by its token', async (_what, kind) => {
    const token = leftOff();
    await put('b', 2n);
    await remove('c');
    await put('d', 1n);

    const stream = listen();
    stream.add(target({ ...kind, resume: { token }, expectedCount: 3 }));

    const heard = stream.words();
    expect(heard[0]).toBe('ADD 7');
    expect(heard.slice(1, 4).sort()).toEqual(['-c', 'b', 'd']);
    expect(heard.slice(4)).toEqual(['CURRENT 7', 'snapshot']);
  });

  it('hears nothing where nothing has changed since', () => {
    const stream = listen();
    stream.add(target({ resume: { token: leftOff() } }));

    expect(stream.words()).toEqual(['ADD 7', 'CURRENT 7', 'snapshot']);
  });

  it.each<[string, () => Partial<Target>]>([
    ['a token of before this emulator began', () => ({ resume: { token: Buffer.alloc(8) } })],
    ['a token of a time to come', () => ({ resume: { token: Buffer.from('7fffffffffffffff', 'hex') } })],
    ['a token of another make', () => ({ resume: { token: Buffer.from('abc') } })],
    ['fewer documents than it should have', () => ({ resume: { token: leftOff() }, expectedCount: 2 })],
  ])('begins anew with %s', (_what, resume) => {
    const more = resume();
    const stream = listen();
    stream.add(target(more));

    expect(stream.words()).toEqual(['ADD 7', 'RESET 7', 'a', 'b', 'c', 'CURRENT 7', 'snapshot']);
  });

  it('ends a target that it wanted once', async () => {
    const stream = listen();
    stream.add(target({ once: true }));
    expect(stream.words()).toEqual(['ADD 7', 'a', 'b', 'c', 'CURRENT 7', 'REMOVE 7', 'snapshot']);

    await put('a', 5n);
    expect(stream.words()).toEqual([]);
  });

  it('hears no more of a target that it removed', async () => {
    const stream = listen();
    stream.add(target());
    stream.remove(7);
    stream.words();
    await put('a', 5n);

    expect(stream.words()).toEqual([]);
  });

  it('loses a target, not its stream, once it may not read what it would hear', async () => {
    const denied = new FirestoreError('PERMISSION_DENIED', 'Not yours.');
    const allow = () => undefined;
    const stream = listen({
      get: allow,
      write: allow,
      list: (_query, document) => {
        if (document?.name === named('secret')) throw denied;
      },
    });
    stream.add(target());
    stream.add(target({ id: 8, kind: 'documents', names: [named('secret')] } as Partial<Target>));
    stream.words();

    await put('secret', 1n);
    expect(stream.words()).toEqual(['REMOVE 7: Not yours.', 'secret', 'snapshot']);
    await put('a', 2n);
    expect(stream.words()).toEqual([]);
  });

  it('hears that all is gone when the database is cleared', async () => {
    const stream = listen();
    stream.add(target());
    stream.words();
    await backend.clear(DATABASE);

    expect([...stream.words()].sort()).toEqual(['-a', '-b', '-c', 'snapshot']);
  });
});

/** `a` for a document that came or changed, `-a` for one that went. */
function words(event: ListenEvent): string {
  const last = (name: string) => name.slice(name.lastIndexOf('/') + 1);
  switch (event.kind) {
    case 'change':
      return `${event.targetIds.length > 0 ? '' : '-'}${last(event.document.name)}`;
    case 'delete':
      return `-${last(event.name)}`;
    case 'filter':
      return `filter ${event.count}`;
    case 'target':
      if (event.change === 'NO_CHANGE') return 'snapshot';
      return `${event.change} ${event.targetIds}${event.cause ? `: ${event.cause.message}` : ''}`;
  }
}
