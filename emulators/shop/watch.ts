import { Recommendation } from '../../shared/events.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import type { Stores } from '../stores.ts';
import type { ShopProduct } from './catalog.ts';

export interface WatchOptions {
  readonly stores: Stores;
  readonly products: readonly ShopProduct[];
  /** Told of each new recommendation, in words. */
  readonly onRecommendation: (line: string) => void;
}

const Shown = Recommendation.pick({ visitor_id: true, items: true, source: true }).partial({
  visitor_id: true,
});

/** Follows the newest recommendation in Firestore, as a page follows its own. Answers a function that ends it. */
export function watchRecommendations({ stores, products, onRecommendation }: WatchOptions): () => void {
  const titles = new Map(products.map(({ item_id, title }) => [item_id, title]));
  return stores.firestore
    .collection(COLLECTIONS.recommendations)
    .orderBy('generated_at', 'desc')
    .limit(1)
    .onSnapshot(
      (snapshot) => {
        for (const document of snapshot.docs) {
          const shown = Shown.safeParse(document.data());
          if (!shown.success) continue;
          const names = shown.data.items.slice(0, 3).map(({ item_id }) => titles.get(item_id) ?? item_id);
          const why = shown.data.items[0]?.reason ?? '';
          const mark = shown.data.source === 'popularity' ? ' [fallback]' : '';
          onRecommendation(`${document.id}: ${names.join(', ')} (${why})${mark}`);
        }
      },
      () => undefined,
    );
}
