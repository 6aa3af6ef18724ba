import type { DocumentReference, DocumentSnapshot, Firestore } from '@google-cloud/firestore';
import QuickLRU from 'quick-lru';
import { withDeadline } from './deadline.ts';
import { messageOf, TransientError } from './errors.ts';
import { Product } from './events.ts';
import { documentId } from './ids.ts';
import { STORE_READ_MS } from './limits.ts';
import { COLLECTIONS } from './pipeline.ts';

/** The shop's products, by item id. */
export interface Catalog {
  /**
   * The products among these ids that the catalogue has; ids without one are absent from the answer.
   * @throws TransientError when the catalogue cannot be read.
   */
  products(ids: Iterable<string>): Promise<ReadonlyMap<string, Product>>;
}

export interface CatalogOptions {
  /** How long an answer, "no such product" included, is reused. Milliseconds. */
  readonly ttlMs: number;
  /** Least number of answers kept; memory holds at most twice as many. */
  readonly maxEntries: number;
  readonly clock?: () => number;
}

/** The part of the Firestore client that reading the catalogue takes. */
export type CatalogStore = Pick<Firestore, 'collection' | 'getAll'>;

interface Answer {
  readonly expires: number;
  readonly product: Promise<Product | undefined>;
}

/** Documents of one `getAll`. */
const CHUNK = 300;

/**
 * Reads `catalog/{documentId(item_id)}` in batches, behind a cache. Ids asked for again while their read is under way
 * share it; a failed read is forgotten. A document that is no `Product` counts as absent.
 */
export function makeFirestoreCatalog(
  store: CatalogStore,
  { ttlMs, maxEntries, clock = Date.now }: CatalogOptions,
): Catalog {
  const cache = new QuickLRU<string, Answer>({ maxSize: maxEntries });
  const collection = store.collection(COLLECTIONS.catalog);

  const startReading = (ids: readonly string[], expires: number): ReadonlyMap<string, Answer> => {
    const answers = new Map<string, Answer>();
    for (let from = 0; from < ids.length; from += CHUNK) {
      const chunk = ids.slice(from, from + CHUNK);
      const references = chunk.map((id) => collection.doc(documentId(id)));
      const read = readDocuments(store, references);
      chunk.forEach((id, index) => {
        const answer: Answer = { expires, product: read.then((documents) => productOf(documents[index])) };
        answers.set(id, answer);
        cache.set(id, answer);
        answer.product.catch(() => {
          if (cache.peek(id) === answer) cache.delete(id);
        });
      });
    }
    return answers;
  };

  return {
    async products(ids) {
      const now = clock();
      const answers = new Map<string, Answer>();
      const missing: string[] = [];
      for (const id of new Set(ids)) {
        const known = cache.get(id);
        if (known && known.expires > now) answers.set(id, known);
        else missing.push(id);
      }
      for (const [id, answer] of startReading(missing, now + ttlMs)) answers.set(id, answer);
      const found = new Map<string, Product>();
      const read = [...answers].map(async ([id, answer]) => {
        const product = await answer.product;
        if (product) found.set(id, product);
      });
      await Promise.all(read);
      return found;
    },
  };
}

async function readDocuments(
  store: CatalogStore,
  references: readonly DocumentReference[],
): Promise<readonly DocumentSnapshot[]> {
  try {
    return await withDeadline(store.getAll(...references), STORE_READ_MS, 'Firestore did not answer');
  } catch (error) {
    throw new TransientError(`the catalogue could not be read: ${messageOf(error)}`, { cause: error });
  }
}

function productOf(document: DocumentSnapshot | undefined): Product | undefined {
  const parsed = Product.safeParse(document?.data());
  return parsed.success ? parsed.data : undefined;
}
