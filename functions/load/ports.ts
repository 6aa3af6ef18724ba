import type { ByteSource } from './formats/byte-source.ts';
import type { Place, Row } from './formats/row.ts';

/** A finalized object of the inbox bucket. */
export interface InboxObject {
  readonly bucket: string;
  readonly name: string;
  readonly generation: string;
}

/** An object as it is stored. */
export interface StoredObject extends ByteSource {
  /** Equal for equal bytes; undefined where the store has none. */
  readonly checksum: string | undefined;
  /** When it was put there, in epoch milliseconds. */
  readonly createdAt: number;
}

/** Where objects are. @throws what keeps the store from answering: try again */
export interface ObjectStore {
  /** Undefined where this generation is there no more. */
  find(object: InboxObject): Promise<StoredObject | undefined>;
  /** Moves the object to `rejected/`, with a report beside it. Repeating it changes nothing. */
  reject(object: InboxObject, report: object): Promise<void>;
}

export const LOAD_STATES = ['loading', 'done', 'rejected', 'duplicate'] as const;
export type LoadState = (typeof LOAD_STATES)[number];
export type LoadKind = 'live' | 'history' | 'catalog';

/** What is known of one object's load when it begins. */
export interface LoadStart {
  readonly load_id: string;
  readonly object: string;
  readonly kind: LoadKind;
  readonly source: string;
  /** As stored. */
  readonly bytes: number;
  readonly checksum: string | undefined;
}

/** One object's load, kept under `loads/{load_id}`. */
export interface LoadRecord extends LoadStart {
  readonly state: LoadState;
  /** Chunks there are; undefined while they are being looked for. */
  readonly chunks?: number | undefined;
  /** Where a file that has to be read from its beginning goes on. */
  readonly checkpoint?: { readonly index: number; readonly place: Place } | undefined;
}

/** What became of a chunk's records. */
export interface Counts {
  readonly read: number;
  readonly out: number;
  readonly failed: number;
}

export interface Totals extends Counts {
  readonly chunks: number;
}

/** How a load ended. */
export interface LoadEnding extends Partial<Totals> {
  readonly state: Exclude<LoadState, 'loading'>;
  /** Why it was rejected, or which load had the same content. */
  readonly reason?: string;
}

/**
 * Keeps the state of loads, so that a redelivered or repeated object loads nothing twice, and a crashed load goes on.
 * Every method may be repeated.
 * @throws TransientError when it cannot be reached
 */
export interface Ledger {
  /** Enters a load; answers what is known of it if it was entered before. */
  begin(load: LoadStart): Promise<LoadRecord>;
  find(loadId: string): Promise<LoadRecord | undefined>;
  /** A load of the same bytes, kind and source that is done. */
  findDone(load: LoadStart): Promise<string | undefined>;
  setChunks(loadId: string, chunks: number): Promise<void>;
  isDone(loadId: string, index: number): Promise<boolean>;
  /** Enters a chunk whose outputs are durable; `checkpoint` is where the next one begins. */
  finishChunk(loadId: string, index: number, counts: Counts, checkpoint?: Place): Promise<void>;
  totals(loadId: string): Promise<Totals>;
  end(loadId: string, ending: LoadEnding): Promise<void>;
}

/** Takes the records of one chunk. */
export interface Sink {
  /** Resolves when there is room for more. @throws what keeps them from being stored: try again */
  add(rows: readonly Row[]): Promise<void>;
  /** Resolves once everything added is durable. */
  finish(): Promise<void>;
  /** Leaves nothing open, where the work with it failed; what is durable stays. */
  abort(): void;
  readonly counts: Counts;
  /** The first records that failed, for a report. */
  readonly samples: readonly { readonly line: number; readonly offset: number; readonly message: string }[];
}
