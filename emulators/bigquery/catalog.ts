import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  BigQueryError,
  type DatasetEntry,
  type DatasetRef,
  type TableEntry,
  type TableRef,
} from './backend.ts';

/** Datasets and tables as clients described them; DuckDB keeps only rows. */
export interface Catalog {
  datasets(project: string): readonly DatasetEntry[];
  /** @throws BigQueryError notFound */
  dataset(ref: DatasetRef): DatasetEntry;
  hasDataset(ref: DatasetRef): boolean;
  putDataset(entry: DatasetEntry): void;
  dropDataset(ref: DatasetRef): void;
  tables(ref: DatasetRef): readonly TableEntry[];
  /** @throws BigQueryError notFound */
  table(ref: TableRef): TableEntry;
  hasTable(ref: TableRef): boolean;
  putTable(entry: TableEntry): void;
  dropTable(ref: TableRef): void;
  projects(): readonly string[];
  clear(): void;
}

interface State {
  readonly datasets: Record<string, DatasetEntry>;
  readonly tables: Record<string, TableEntry>;
}

const datasetKey = ({ project, dataset }: DatasetRef): string => `${project}:${dataset}`;
const tableKey = (ref: TableRef): string => `${datasetKey(ref)}.${ref.table}`;

/** A catalogue, kept in a file where one is named. */
export function makeCatalog(file?: string): Catalog {
  const state: State =
    file !== undefined && existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as State)
      : { datasets: {}, tables: {} };
  const save = (): void => {
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    // A process that ends while it writes leaves the old file.
    writeFileSync(`${file}.new`, JSON.stringify(state));
    renameSync(`${file}.new`, file);
  };
  return {
    datasets: (project) => Object.values(state.datasets).filter(({ ref }) => ref.project === project),
    dataset(ref) {
      const entry = state.datasets[datasetKey(ref)];
      if (entry) return entry;
      throw new BigQueryError(404, 'notFound', `Not found: Dataset ${datasetKey(ref)}`);
    },
    hasDataset: (ref) => datasetKey(ref) in state.datasets,
    putDataset(entry) {
      state.datasets[datasetKey(entry.ref)] = entry;
      save();
    },
    dropDataset(ref) {
      delete state.datasets[datasetKey(ref)];
      for (const { ref: each } of Object.values(state.tables)) {
        if (datasetKey(each) === datasetKey(ref)) delete state.tables[tableKey(each)];
      }
      save();
    },
    tables: (ref) => Object.values(state.tables).filter((entry) => datasetKey(entry.ref) === datasetKey(ref)),
    table(ref) {
      const entry = state.tables[tableKey(ref)];
      if (entry) return entry;
      throw new BigQueryError(404, 'notFound', `Not found: Table ${tableKey(ref)}`);
    },
    hasTable: (ref) => tableKey(ref) in state.tables,
    putTable(entry) {
      state.tables[tableKey(entry.ref)] = entry;
      save();
    },
    dropTable(ref) {
      delete state.tables[tableKey(ref)];
      save();
    },
    projects: () => [...new Set(Object.values(state.datasets).map(({ ref }) => ref.project))],
    clear() {
      for (const key of Object.keys(state.datasets)) delete state.datasets[key];
      for (const key of Object.keys(state.tables)) delete state.tables[key];
      save();
    },
  };
}
