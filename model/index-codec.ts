import type { Learned } from './artifact.ts';
import { groupByCategory } from './categories.ts';
import { FEATURE_COUNT } from './features.ts';
import type { ItemVectors } from './item-vectors.ts';
import { type Reranker, weightCount } from './reranker.ts';
import { ArtifactError, decodeSections, encodeSections, type Section } from './sections.ts';
import { decodeStrings, encodeStrings } from './string-table.ts';

/** The index file's content. */
export function encodeIndex({ knowledge, itemIds, reranker }: Learned): Uint8Array {
  const { index, stats, matrix, vectors, popular, categories } = knowledge;
  const ids = encodeStrings(itemIds);
  return encodeSections({
    'ids.bytes': ids.bytes,
    'ids.ends': ids.ends,
    'session.starts': index.starts,
    'session.clicks': index.clicks,
    'session.items': index.distinct,
    'posting.starts': index.postingStarts,
    postings: index.postings,
    'item.idf': index.idf,
    'item.count': stats.count,
    'item.recent5': stats.recent5,
    'item.recent1': stats.recent1,
    'item.first': stats.firstSession,
    'item.last': stats.lastSession,
    'item.repeat': stats.repeat,
    'item.wanted': stats.wanted,
    'walk.starts': matrix.rowStarts,
    'walk.columns': matrix.columns,
    'walk.weights': matrix.weights,
    'walk.scales': matrix.scales,
    'vector.items': vectors.items,
    'vector.from': vectors.from,
    'vector.to': vectors.to,
    'vector.units': vectors.units,
    popular,
    'item.category': categories.of,
    ...(reranker && {
      'rank.mean': reranker.mean,
      'rank.deviation': reranker.deviation,
      'rank.weights': reranker.weights,
      'rank.hidden': Uint32Array.of(reranker.hidden),
    }),
  });
}

/**
 * Reads an index file without copying its arrays.
 * @param checked whether the caller has compared the file's checksum
 * @throws ArtifactError when it is damaged, or was written by a release that reads other things off sessions.
 */
export function decodeIndex(bytes: Uint8Array, checked = false): Learned {
  const sections = decodeSections(bytes, checked);
  const section = <T extends Section>(name: string, type: abstract new (...args: never[]) => T): T => {
    const found = sections.get(name);
    if (found instanceof type) return found;
    throw new ArtifactError(`the model index has no section ${name} of the expected type: train anew`);
  };
  const u32 = (name: string): Uint32Array => section(name, Uint32Array);
  const f32 = (name: string): Float32Array => section(name, Float32Array);
  const readReranker = (): Reranker => {
    const hidden = u32('rank.hidden')[0] ?? 0;
    const reranker = {
      hidden,
      mean: f32('rank.mean'),
      deviation: f32('rank.deviation'),
      weights: f32('rank.weights'),
    };
    const { mean, deviation, weights } = reranker;
    if (
      mean.length === FEATURE_COUNT &&
      deviation.length === FEATURE_COUNT &&
      weights.length === weightCount(hidden)
    )
      return reranker;
    throw new ArtifactError(
      `the model index was trained with ${mean.length} features, this release has ${FEATURE_COUNT}: train anew`,
    );
  };
  const readVectors = (): ItemVectors => {
    const items = u32('vector.items');
    const from = section('vector.from', Int8Array);
    const to = section('vector.to', Int8Array);
    const width = items.length === 0 ? 0 : to.length / items.length;
    if (from.length === to.length && Number.isInteger(width))
      return { width, items, from, to, units: f32('vector.units') };
    throw new ArtifactError('the learned directions of the model index do not fit its items: train anew');
  };
  const itemIds = decodeStrings(section('ids.bytes', Uint8Array), u32('ids.ends'));
  const starts = u32('session.starts');
  return {
    itemIds,
    knowledge: {
      index: {
        itemCount: itemIds.length,
        sessionCount: starts.length - 1,
        starts,
        clicks: u32('session.clicks'),
        distinct: section('session.items', Uint16Array),
        postingStarts: u32('posting.starts'),
        postings: u32('postings'),
        idf: f32('item.idf'),
      },
      stats: {
        count: f32('item.count'),
        recent5: f32('item.recent5'),
        recent1: f32('item.recent1'),
        firstSession: u32('item.first'),
        lastSession: u32('item.last'),
        repeat: f32('item.repeat'),
        wanted: f32('item.wanted'),
      },
      matrix: {
        rowStarts: u32('walk.starts'),
        columns: u32('walk.columns'),
        weights: section('walk.weights', Uint16Array),
        scales: f32('walk.scales'),
      },
      vectors: readVectors(),
      popular: u32('popular'),
      categories: groupByCategory(u32('item.category'), u32('popular')),
    },
    reranker: sections.has('rank.weights') ? readReranker() : undefined,
  };
}
