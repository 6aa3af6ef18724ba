import type { Artifact } from './artifact.ts';
import type { Instance, Prediction } from './protocol.ts';
import { makeLearnedRanker, makeVstanRanker, type Ranker, type Ranking } from './ranker.ts';
import { diversify } from './serving/diversify.ts';
import { makeExplain } from './serving/explain.ts';
import { fill, type Source } from './serving/fill.ts';
import { withFresh } from './serving/fresh.ts';
import { makeListBuilder } from './serving/list-builder.ts';
import { makeNeighbours } from './serving/neighbours.ts';
import { makeSessionReader } from './serving/session-reader.ts';
import { makeShelfIndex } from './serving/shelf-index.ts';
import type { Taste } from './serving/suit.ts';
import { NO_SHELVES } from './shelves.ts';

/** Answers one instance of the predict protocol. Synchronous, and not to be entered twice at once. */
export type Recommender = (instance: Instance) => Prediction;

/** Categories of the session that a list is filled up from. */
const SESSION_CATEGORIES = 3;

/** A model's ranker; undefined where the method is popularity. */
export function makeRanker({ manifest, knowledge, parameters, reranker }: Artifact): Ranker | undefined {
  if (manifest.method === 'popularity') return undefined;
  return reranker
    ? makeLearnedRanker(knowledge, parameters, reranker)
    : makeVstanRanker(knowledge, parameters);
}

/**
 * Recommendations from an artifact. What the model does not fill is filled up by popularity in the shopper's categories,
 * in the country, and at large, so that only a catalogue too small leaves a list short.
 */
export function makeRecommender(artifact: Artifact): Recommender {
  const { knowledge, itemIds, parameters, manifest, shelves = NO_SHELVES } = artifact;
  const ranker = makeRanker(artifact);
  const numbers = new Map(itemIds.map((id, number) => [id, number]));
  const numberOf = (id: string): number | undefined => {
    const number = numbers.get(id);
    return number !== undefined && (knowledge.stats.count[number] ?? 0) > 0 ? number : undefined;
  };
  const shelf = makeShelfIndex(shelves, numbers, knowledge);
  const session = makeSessionReader(parameters.maxPrefix, numberOf);
  const neighbours = makeNeighbours(knowledge.matrix, itemIds.length, shelf.category);
  const explain = makeExplain(knowledge.matrix, itemIds.length);
  const list = makeListBuilder(itemIds);

  const rank = (mode: Instance['mode'], length: number): Ranking | undefined => {
    if (length === 0) return undefined;
    if (mode === 'similar') return neighbours.similar(session.prefix[length - 1] ?? 0);
    if (mode === 'together') return neighbours.together(session.prefix.subarray(0, length));
    return ranker?.rank(session.prefix, session.kinds, length);
  };

  const tasteOf = (length: number, interests: readonly string[]): Taste => {
    const clicked = [...new Set(session.prefix.subarray(0, length))].reverse();
    const categories = new Set(clicked.flatMap((item) => shelf.category(item) ?? []));
    return {
      categories: [...new Set([...[...categories].slice(0, SESSION_CATEGORIES), ...interests])],
      brands: new Set(clicked.flatMap((item) => shelf.brand(item) ?? [])),
      prices: clicked.flatMap((item) => shelf.price(item) ?? []),
    };
  };

  /** Popularity in the shopper's categories, and in the country. */
  const popularWith = ({ categories }: Taste, country: string | undefined): readonly Source[] => [
    ...categories.map(
      (category): Source => ({ items: shelf.inCategory(category), reason: { kind: 'category', category } }),
    ),
    ...(country === undefined
      ? []
      : [{ items: shelf.inCountry(country), reason: { kind: 'country' } } as const]),
  ];

  return ({ items, exclude, limit, mode, country, interests, categories, diversity, fresh }) => {
    const length = session.read(items);
    const looked = mode === 'together' ? items : items.slice(0, 1);
    const excluded = new Set([...exclude, ...looked.map(({ item_id }) => item_id)]);
    const allowed = categories && new Set(categories);
    const admits = (category: string | undefined): boolean => !allowed || allowed.has(category ?? '');
    list.begin({
      limit,
      bars: [...excluded].flatMap((id) => numbers.get(id) ?? []),
      admits: allowed ? (item) => admits(shelf.category(item)) : () => true,
    });

    const ranking = rank(mode, length);
    const kind = mode === 'next' ? 'viewed' : mode;
    const size = ranking?.size ?? 0;
    for (const place of diversify(size, diversity, (at) => shelf.category(ranking?.ids[at] ?? 0))) {
      if (list.full()) break;
      list.add(ranking?.ids[place] ?? 0, ranking?.scores[place] ?? 0, { kind });
    }
    const because = list.listed.length > 0 ? explain(session.prefix, length, [...list.listed]) : [];

    const taste = tasteOf(length, interests);
    fill(list, popularWith(taste, country), { items: knowledge.popular, reason: { kind: 'popular' } });
    const listed = list.end((at) => {
      const click = because[at];
      return click === undefined ? undefined : { kind, item_id: itemIds[click] ?? '' };
    });
    const offers = fresh.filter(
      ({ item_id, category }) =>
        numberOf(item_id) === undefined && !excluded.has(item_id) && admits(category),
    );
    return {
      model_version: manifest.model_version,
      source: because.length > 0 ? 'model' : 'popularity',
      items: withFresh(listed, offers, taste, limit),
    };
  };
}
