import { describeIssues } from '../../../shared/message.ts';
import type { Row } from '../formats/row.ts';
import type { Sink } from '../ports.ts';
import { makeCounter } from './counter.ts';
import type { Failures } from './failures.ts';
import { type ProductPatch, productOf } from './product-record.ts';

/** Where products are kept. */
export interface ProductStore {
  /**
   * Sets the fields that each patch has, and leaves the others of a product as they are. A product that a later file
   * has set since is left alone.
   * @param asOf when the file was put, in epoch milliseconds
   * @throws TransientError
   */
  upsert(products: readonly ProductPatch[], asOf: number): Promise<void>;
}

export interface CatalogSinkOptions {
  readonly products: ProductStore;
  readonly failures: Failures;
  readonly uri: string;
  readonly asOf: number;
}

/** Products written together. */
const BATCH = 400;

/** Records of products set what they tell of in the catalogue. */
export function makeCatalogSink({ products, failures, uri, asOf }: CatalogSinkOptions): Sink {
  const counter = makeCounter();
  // The last of a product's records in a batch counts, field by field.
  let batch = new Map<string, ProductPatch>();
  const write = async (): Promise<void> => {
    if (batch.size === 0) return;
    const patches = [...batch.values()];
    batch = new Map();
    await products.upsert(patches, asOf);
  };
  return {
    counts: counter.counts,
    samples: counter.samples,
    async add(rows) {
      for (const row of rows) {
        const result = judge(row);
        if ('failure' in result) {
          const { path, message, payload } = result.failure;
          const place = `${uri}, line ${row.line}, offset ${row.offset}`;
          counter.failed(row, message);
          await failures.add({ reason: 'invalid_row', path, message: `${message} (${place})`, payload });
          continue;
        }
        counter.passed();
        const { item_id } = result.product;
        batch.set(item_id, { ...batch.get(item_id), ...result.product });
        if (batch.size === BATCH) await write();
      }
    },
    async finish() {
      await Promise.all([write(), failures.finish()]);
    },
    abort: () => undefined,
  };
}

type Judged =
  | { readonly product: ProductPatch }
  | { readonly failure: { readonly path: string; readonly message: string; readonly payload: unknown } };

function judge(row: Row): Judged {
  if ('unreadable' in row) {
    return { failure: { path: '', message: row.unreadable.message, payload: row.unreadable.text } };
  }
  const parsed = productOf(row.row);
  if (parsed.success) return { product: parsed.data };
  return { failure: { ...describeIssues(parsed.error), payload: row.row } };
}
