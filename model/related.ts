import type { Artifact } from './artifact.ts';
import { makeRecommender } from './recommender.ts';

/** What the model says of an item by itself, best first: item ids. */
export interface RelatedItems {
  readonly item_id: string;
  /** What is like it, for its page. */
  readonly similar: readonly string[];
  /** What is chosen along with it, for the cart; other categories first, where categories are known. */
  readonly together: readonly string[];
}

export interface RelatedOptions {
  /** Items that lists are made of, the most popular of late first. */
  readonly items: number;
  /** Length of a list, at most 100. */
  readonly length: number;
}

/**
 * The lists of the request modes `similar` and `together` (protocol.ts) for single items, as the model server answers them, but not filled up by
 * popularity: what has no neighbours is left out.
 */
export function* relatedItems(
  artifact: Artifact,
  { items, length }: RelatedOptions,
): Generator<RelatedItems> {
  const recommend = makeRecommender(artifact);
  const list = (item_id: string, mode: 'similar' | 'together'): readonly string[] =>
    recommend({
      items: [{ item_id, event_name: 'view_item', event_time: artifact.manifest.created_at }],
      exclude: [],
      limit: length,
      mode,
      interests: [],
      diversity: 0,
      fresh: [],
    }).items.flatMap((item) => (item.reason.kind === mode ? [item.item_id] : []));
  for (const item of artifact.knowledge.popular.subarray(0, items)) {
    const item_id = artifact.itemIds[item] ?? '';
    const similar = list(item_id, 'similar');
    const together = list(item_id, 'together');
    if (similar.length > 0) yield { item_id, similar, together };
  }
}
