import type { Firestore, QuerySnapshot } from '@google-cloud/firestore';
import { makeCachedRead } from '../../shared/cached-read.ts';
import { Product } from '../../shared/events.ts';
import { STORE_READ_MS } from '../../shared/limits.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';

/** Products from the catalogue without asking for them by id. */
export interface Assortment {
  /** Products by the time since they are for sale, the newest first; those that do not say are left out. */
  readonly newest: readonly Product[];
  /** Any products, to fill a list with when nothing better is left. */
  readonly some: readonly Product[];
}

export interface AssortmentOptions {
  readonly ttlMs: number;
  /** Products read for each of the two lists. */
  readonly size: number;
  readonly clock: () => number;
}

/** Reads the assortment at most once per `ttlMs`; a read that fails, or takes too long, is tried again at the next call. */
export function makeAssortment(
  firestore: Pick<Firestore, 'collection'>,
  { ttlMs, size, clock }: AssortmentOptions,
): () => Promise<Assortment> {
  const collection = firestore.collection(COLLECTIONS.catalog);
  const read = async (): Promise<Assortment> => {
    const [newest, some] = await Promise.all([
      collection.orderBy('added_at', 'desc').limit(size).get(),
      collection.limit(size).get(),
    ]);
    return { newest: productsOf(newest), some: productsOf(some) };
  };
  return makeCachedRead({ what: 'the assortment', read, ttlMs, deadlineMs: STORE_READ_MS, clock });
}

/** What may be sold of what was read. */
function productsOf({ docs }: QuerySnapshot): readonly Product[] {
  return docs.flatMap((document) => {
    const { data } = Product.safeParse(document.data());
    return data && data.in_stock !== false && data.hidden !== true ? [data] : [];
  });
}
