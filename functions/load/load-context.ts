import type { BatchContext, Route } from '../../shared/batch-function.ts';
import type { RawEvent } from '../../shared/events.ts';
import type { FunctionIdentity } from '../../shared/failed-event.ts';
import type { ChunkPublisher, Publisher } from '../../shared/publisher.ts';
import type { Ledger, ObjectStore } from './ports.ts';
import type { ProductStore } from './sinks/catalog.ts';
import type { StagedRows } from './sinks/history.ts';
import type { Source } from './source.ts';
import type { Sources } from './sources.ts';

/** Where cleaned history waits for its load job. */
export interface Staging {
  /** One chunk's rows; those of an earlier attempt are replaced. */
  open(loadId: string, chunk: number): StagedRows;
  /** Brings every staged row of a load into the warehouse, once however often it is called, and clears them away. */
  load(loadId: string): Promise<void>;
  /** Clears a load's staged rows away. */
  discard(loadId: string): Promise<void>;
}

/** What bounds a load; each is a setting of the function. */
export interface LoadLimits {
  /** Bytes of the decoded file in one chunk, about. */
  readonly chunkBytes: number;
  /** How long one run may go on before it hands over to the next. Milliseconds. */
  readonly runMs: number;
  /** The share of records that may fail before the object is rejected. */
  readonly maxBadShare: number;
  /** Publishes that run at a time. */
  readonly concurrency: number;
}

export interface LoadOptions {
  readonly identity: FunctionIdentity;
  readonly objects: ObjectStore;
  readonly sources: Sources;
  readonly ledger: Ledger;
  readonly publisher: Publisher & ChunkPublisher;
  readonly products: ProductStore;
  readonly staging: Staging;
  /** The route that cleans history, by where it publishes and whether it fills profiles. */
  readonly cleaning: (publisher: Publisher, source: Source) => Route<RawEvent>;
  readonly limits: LoadLimits;
  readonly clock?: () => number;
}

/** What a run did. */
export interface LoadReport {
  readonly read: number;
  readonly out: number;
  readonly failed: number;
}

export const NOTHING: LoadReport = { read: 0, out: 0, failed: 0 };

/** Trace and log of the delivery that a run belongs to. */
export type RunContext = Pick<BatchContext, 'outgoing' | 'log'>;
