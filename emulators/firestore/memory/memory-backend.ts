import type { Backend, Document, ReadOptions, View } from '../backend.ts';
import { type Clock, makeClock } from '../clock.ts';
import { asFirestoreError, FirestoreError } from '../firestore-error.ts';
import { databaseOf, parseDocumentName } from '../paths.ts';
import { projected } from '../projection.ts';
import type { Query } from '../query.ts';
import type { Micros } from '../values.ts';
import type { Write, WriteResult } from '../writes.ts';
import { aggregate } from './aggregate.ts';
import { type DocumentSource, makeDocumentStore } from './document-store.ts';
import { type Change, makeHistory } from './history.ts';
import { type Journal, noJournal } from './journal.ts';
import { makeListeners } from './listeners.ts';
import { collectionIds, listedQuery, listPage } from './listing.ts';
import { partitionCursors } from './partition.ts';
import { planQuery } from './plan.ts';
import { stageWrites } from './stage.ts';
import { makeTransactions, type Transaction, type Transactions } from './transactions.ts';

export interface MemoryBackendOptions {
  readonly journal?: Journal;
  readonly clock?: Clock;
  readonly transactions?: Transactions;
}

/** Firestore in this process's memory; what the journal keeps is there again at the next start. */
export function makeMemoryBackend(options: MemoryBackendOptions = {}): Backend {
  const { journal = noJournal, transactions = makeTransactions() } = options;
  const clock = options.clock ?? makeClock(Date.now, journal.latest);
  const store = makeDocumentStore();
  for (const document of journal.documents) store.put(document);
  const history = makeHistory(clock.now());
  const listeners = makeListeners({
    source: store,
    now: clock.now,
    since: (time) => (time > clock.latest() ? undefined : history.since(time)),
    at: (time) => history.at(time, store),
  });

  /** Where and when a read reads. */
  function reading({ transaction, readTime }: ReadOptions = {}): {
    readonly source: DocumentSource;
    readonly view: View;
    readonly held: Transaction | undefined;
  } {
    const held = transaction === undefined ? undefined : transactions.get(transaction);
    const past = readTime ?? held?.readTime;
    const source = past === undefined ? store : history.at(past, store);
    const view = { time: past ?? clock.now(), get: source.get };
    return { source, view, held: past === undefined ? held : undefined };
  }

  function apply(time: Micros, changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return Promise.resolve();
    for (const { name, after } of changes) {
      if (after) store.put(after);
      else store.remove(name);
    }
    history.record(time, changes);
    const kept = journal.append(time, changes);
    listeners.notify(time, changes);
    return kept;
  }

  const commit: Backend['commit'] = async (database, writes, { transaction, access } = {}) => {
    try {
      const locked = transactions.write(transaction);
      if (
        writes.length > 0 &&
        transaction !== undefined &&
        transactions.get(transaction).readTime !== undefined
      )
        throw new FirestoreError('INVALID_ARGUMENT', 'Cannot modify entities in a read-only transaction.');
      for (;;) {
        if (transaction !== undefined) transactions.get(transaction);
        const staged = stageWrites(database, writes, { time: clock.now(), get: store.get }, access);
        const free = locked.free(staged.changes);
        if (free !== true && !(await free)) continue;
        await apply(staged.time, staged.changes);
        return { commitTime: staged.time, writeResults: staged.results };
      }
    } finally {
      if (transaction !== undefined) transactions.end(transaction);
    }
  };

  function query(asked: Query, options: ReadOptions = {}) {
    const plan = planQuery(asked);
    const { source, view, held } = reading(options);
    options.access?.list(asked, undefined, view);
    const documents = plan.run(source);
    for (const document of documents) options.access?.list(asked, document, view);
    held?.lockMatching(plan.matches);
    return { readTime: view.time, documents };
  }

  async function clear(concerned: (document: Document) => boolean): Promise<void> {
    transactions.clear();
    const documents = [...store.all()].filter(concerned);
    const changes = documents.map((before) => ({ name: before.name, before, after: undefined }));
    await apply(clock.now(), changes);
  }

  return {
    now: clock.now,
    async get(names, options = {}) {
      for (const name of names) parseDocumentName(name);
      const { source, view, held } = reading(options);
      const documents = names.map((name) => source.get(name));
      for (const [index, name] of names.entries()) options.access?.get(name, documents[index], view);
      held?.lock(names);
      return { readTime: view.time, documents };
    },
    async list(options) {
      const { source, view, held } = reading(options);
      held?.lockMatching(planQuery(listedQuery(options)).matches);
      return listPage(options, source, view);
    },
    async query(asked, options) {
      const { readTime, documents } = query(asked, options);
      return { readTime, documents: documents.map((document) => projected(document, asked.select)) };
    },
    async aggregate(asked, aggregations, options) {
      const { readTime, documents } = query(asked, options);
      return { readTime, values: aggregate(documents, aggregations) };
    },
    async partition(asked, count, options) {
      return partitionCursors(asked, query(asked, options).documents, count);
    },
    collectionIds: async (parent, options) => collectionIds(parent, reading(options).source),
    begin: (database, options) => transactions.begin(database, options, clock.now()).id,
    rollback: transactions.end,
    commit,
    async batchWrite(database, writes, options = {}) {
      const names = new Set(writes.map(({ name }) => name));
      if (names.size < writes.length) {
        throw new FirestoreError(
          'INVALID_ARGUMENT',
          'the same document cannot be written more than once in a single request',
        );
      }
      const one = async (write: Write): Promise<WriteResult | FirestoreError> => {
        try {
          const { writeResults } = await commit(database, [write], options);
          return writeResults[0] ?? { transformResults: [] };
        } catch (error) {
          return asFirestoreError(error);
        }
      };
      return Promise.all(writes.map(one));
    },
    listen: listeners.open,
    clear: (database) => clear(({ name }) => databaseOf(name) === database),
    reset: () => clear(() => true),
    close: journal.close,
  };
}
