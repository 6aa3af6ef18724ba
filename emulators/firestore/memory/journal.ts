import type { Document } from '../backend.ts';
import type { Micros } from '../values.ts';
import type { Change } from './history.ts';

/** What is kept of the documents between runs. */
export interface Journal {
  /** The documents of former runs. */
  readonly documents: Iterable<Document>;
  /** The latest time of former runs. */
  readonly latest: Micros;
  /** Resolves once the changes will be there at the next start. */
  append(time: Micros, changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}

/** A journal that keeps nothing. */
export const noJournal: Journal = {
  documents: [],
  latest: 0n,
  append: async () => undefined,
  close: async () => undefined,
};
