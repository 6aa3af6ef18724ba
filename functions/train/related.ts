import type { Artifact } from '../../model/artifact.ts';
import { type RelatedItems, relatedItems } from '../../model/related.ts';
import type { CurrentModel } from '../../shared/events.ts';

/** Where pages find what is related to a product. */
export interface RelatedStore {
  /**
   * Replaces the lists of these items.
   * @param expiresAt epoch milliseconds after which a list that was not written again may go
   * @returns how many were written
   * @throws TransientError where some could not be
   */
  write(
    lists: Iterable<RelatedItems>,
    about: { readonly version: string; readonly expiresAt: number },
  ): Promise<number>;
}

export interface RelateOptions {
  /** @throws Error where the artifact cannot be read */
  readonly load: (uri: string) => Promise<Artifact>;
  readonly store: RelatedStore;
  /** Products that lists are written for, the most popular first; 0: for none. */
  readonly products: number;
  readonly clock: () => number;
}

/** Writes what the model says of single products; answers of how many. */
export type Relate = (model: Pick<CurrentModel, 'model_version' | 'artifact_uri'>) => Promise<number>;

/** Pages leave out what is sold out, and show fewer. */
const LENGTH = 20;
/** A product that models no longer know keeps its list so long. */
const KEPT_MS = 30 * 86_400_000;

/** Lists for product pages and carts, from the model that is served. */
export function makeRelate({ load, store, products, clock }: RelateOptions): Relate {
  return async ({ model_version: version, artifact_uri }) => {
    if (products === 0) return 0;
    const lists = relatedItems(await load(artifact_uri), { items: products, length: LENGTH });
    return store.write(lists, { version, expiresAt: clock() + KEPT_MS });
  };
}
