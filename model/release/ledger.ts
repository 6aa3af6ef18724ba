import type { CurrentModel } from '../../shared/events.ts';
import type { ModelRecord } from './model-record.ts';

/** Which models there are, and which is served. */
export interface Ledger {
  /** The model that recommend is to use; undefined before the first. */
  current(): Promise<CurrentModel | undefined>;
  makeCurrent(model: CurrentModel): Promise<void>;
  find(version: string): Promise<ModelRecord | undefined>;
  /** Newest first. */
  list(): Promise<readonly ModelRecord[]>;
  write(record: ModelRecord): Promise<void>;
}
