import type { Artifact } from './artifact.ts';
import { clicksOf } from './clean-session.ts';
import { addRow } from './item-matrix.ts';
import type { Instance, Prediction } from './protocol.ts';
import { makeLearnedRanker, makeVstanRanker, type Ranker } from './ranker.ts';
import { ScoreTable } from './score-table.ts';

/** Answers one instance of the predict protocol. Synchronous, and not to be entered twice at once. */
export type Recommender = (instance: Instance) => Prediction;

/** A pause in the clicks after which a new session begins. */
const SESSION_GAP_MS = 30 * 60_000;
/** Decay with distance of a click's claim to be the reason. */
const REASON_DECAY = 1.5;

/** A model's ranker; undefined where the method is popularity. */
export function makeRanker({ manifest, knowledge, parameters, reranker }: Artifact): Ranker | undefined {
  if (manifest.method === 'popularity') return undefined;
  return reranker
    ? makeLearnedRanker(knowledge, parameters, reranker)
    : makeVstanRanker(knowledge, parameters);
}

/**
 * Recommendations from an artifact. The shopper's present session is what counts; where the model knows none of its
 * items, the clicks before it. Lists are filled up by popularity, so that only a catalogue too small leaves them short.
 */
export function makeRecommender(artifact: Artifact): Recommender {
  const { knowledge, itemIds, parameters, manifest } = artifact;
  const ranker = makeRanker(artifact);
  const numbers = new Map(itemIds.map((id, number) => [id, number]));
  const known = (id: string): boolean => (knowledge.stats.count[numbers.get(id) ?? -1] ?? 0) > 0;
  const prefix = new Uint32Array(parameters.maxPrefix);
  const kinds = new Uint8Array(prefix.length);
  const barred = new Uint8Array(itemIds.length);
  const explain = makeExplainer(artifact);

  /** Fills `prefix` and `kinds` from the present session, cleaned as in training; returns their length. */
  const readSession = (items: Instance['items']): number => {
    const session: Instance['items'] = [];
    let newer: number | undefined;
    for (const item of items) {
      const time = Date.parse(item.event_time);
      if (session.length > 0 && newer !== undefined && newer - time > SESSION_GAP_MS) break;
      newer = time;
      if (known(item.item_id)) session.push(item);
    }
    session.reverse();
    const clicks = clicksOf({
      items: session.map(({ item_id }) => item_id),
      events: session.map(({ event_name }) => event_name),
    });
    const length = Math.min(clicks.items.length, prefix.length);
    if (length === 0) return 0;
    prefix.set(clicks.items.slice(-length).map((id) => numbers.get(id) ?? 0));
    kinds.set(clicks.kinds.slice(-length));
    return length;
  };

  return ({ items, exclude, limit }) => {
    const length = readSession(items);
    const bars = [...exclude, ...items.slice(0, 1).map(({ item_id }) => item_id)]
      .map((id) => numbers.get(id))
      .filter((number) => number !== undefined);
    for (const number of bars) barred[number] = 1;
    const listed: Prediction['items'] = [];
    const numbersListed: number[] = [];
    const list = (item: number, score: number): void => {
      if (barred[item] === 1) return;
      barred[item] = 1;
      numbersListed.push(item);
      listed.push({ item_id: itemIds[item] ?? '', score });
    };
    const ranking = length > 0 ? ranker?.rank(prefix, kinds, length) : undefined;
    for (let i = 0; ranking && i < ranking.size && listed.length < limit; i++)
      list(ranking.ids[i] ?? 0, ranking.scores[i] ?? 0);
    const ranked = listed.length;
    for (let i = 0; i < knowledge.popular.length && listed.length < limit; i++)
      list(knowledge.popular[i] ?? 0, 0);
    for (const number of [...bars, ...numbersListed]) barred[number] = 0;
    const because = ranked > 0 ? explain(prefix, length, numbersListed.slice(0, ranked)) : [];
    return {
      model_version: manifest.model_version,
      source: ranked > 0 ? 'model' : 'popularity',
      items: listed.map((item, at) => {
        const reason = because[at];
        return reason === undefined ? item : { ...item, because: itemIds[reason] ?? '' };
      }),
    };
  };

  /** For each listed item the clicked item that leads to it most strongly; the newest where none does. */
  function makeExplainer({ knowledge: { matrix } }: Artifact) {
    const claims = new ScoreTable(itemIds.length);
    return (clicks: Uint32Array, length: number, list: readonly number[]): readonly number[] => {
      const newest = clicks[length - 1] ?? 0;
      const reasons = list.map(() => newest);
      const best = new Float32Array(list.length);
      const asked = new Set<number>();
      for (let at = length - 1; at >= 0; at--) {
        const click = clicks[at] ?? 0;
        if (asked.has(click)) continue;
        asked.add(click);
        addRow(matrix, click, Math.exp((at - length + 1) / REASON_DECAY), claims);
        list.forEach((item, i) => {
          const claim = claims.values[item] ?? 0;
          if (claim <= (best[i] ?? 0)) return;
          best[i] = claim;
          reasons[i] = click;
        });
        claims.clear();
      }
      return reasons;
    };
  }
}
