import { z } from 'zod';

const positive = z.number().positive();
const count = z.int().min(1);

/**
 * Parameters of a model; one set serves every shop. Distances are in clicks; `snh` and the `recency`s, decays with a session's age, are in
 * shares of all sessions.
 */
export const Parameters = z.object({
  /** Newest sessions kept for each item. */
  postingLimit: count,
  /** Newest clicks of the shopper's session that are read. */
  maxPrefix: count.max(200),
  vstan: z.object({
    /** Neighbours that vote. */
    k: count,
    /** Newest sessions that are considered as neighbours. */
    m: count,
    /** Decay of a click's weight with its distance from the newest click. */
    spw: positive,
    /** Decay of a neighbour's weight with its age. */
    snh: positive,
    /** Decay of an item's weight with its distance from the neighbour's last shared click. */
    inh: positive,
    /** Decay of a neighbour's weight with the distance of the newest shared click from the newest click. */
    ipw: positive,
    /** Weight of an item's idf. */
    idf: z.number().min(0),
  }),
  /** The item walk's matrix: see item-matrix.ts. */
  matrix: z.object({
    /** Entries kept of each of the three parts of a row. */
    width: count,
    /** Clicks that `after` and `before` look away. */
    reach: count,
    /** Sessions of more distinct items do not count as `together`. */
    maxDistinct: count,
    /** Decay of `together` with a session's age. */
    recency: positive,
    /** Shares of the mixture. */
    after: positive,
    before: positive,
    together: positive,
  }),
  walk: z.object({
    /** Newest distinct items from which the walk sets out, and the decay of their weight. */
    from: count,
    decay: positive,
    /** Items carried from one step to the next. */
    beam: count,
    /** Amounts below this are not carried on; the amounts of a step sum to about 1. */
    least: z.number().min(0),
  }),
  suffix: z.object({
    /** Newest sessions searched. */
    sessions: count,
    /** Weight by length of the match, from one click up. */
    weights: z.array(positive).min(1),
    /** Least weight of an old session, and the decay with age. */
    floor: z.number().min(0).max(1),
    recency: positive,
  }),
  /** Learned directions of items: see learn-vectors.ts. */
  vectors: z.object({
    /** Numbers of a direction. */
    width: count.max(256),
    /** Newest clicks whose directions a session follows, and the decay of their weight with the distance. */
    reach: count,
    decay: positive,
    /** Items drawn to be told from the one that came next. */
    negatives: count,
    /** Passes over the sessions at first, and the share of the learning rate for those that come later. */
    epochs: count,
    refresh: positive,
    learningRate: positive,
    /** Newest clicks that are learned from. */
    most: count,
    /** Items with fewer clicks have no direction. */
    leastClicks: count,
    seed: z.int(),
  }),
  category: z.object({
    /** Newest clicks whose categories count, and the decay of their weight. */
    from: count,
    decay: positive,
    /** Most popular items of each category that are scored. */
    width: count,
  }),
  /** How many of each list become candidates, beside the session's own items. */
  candidates: z.object({ vstan: count, walk: count, suffix: count, category: count }),
  /** The re-ranker's training: see fit.ts. */
  fit: z.object({
    hidden: z.int().min(4).max(256).multipleOf(4),
    epochs: count,
    learningRate: positive,
    l2: z.number().min(0),
    seed: z.int(),
    /** Samples taken from each slice of the sessions. */
    samplesPerSlice: count,
  }),
});
export type Parameters = z.infer<typeof Parameters>;

export const DEFAULT_PARAMETERS: Parameters = {
  postingLimit: 1000,
  maxPrefix: 30,
  vstan: { k: 200, m: 1000, spw: 3.6, snh: 0.75, inh: 3.6, ipw: 2, idf: 1 },
  matrix: { width: 50, reach: 10, maxDistinct: 40, recency: 0.15, after: 0.6, before: 0.25, together: 0.15 },
  walk: { from: 6, decay: 1.5, beam: 100, least: 1e-4 },
  suffix: { sessions: 1000, weights: [1, 4, 12, 30], floor: 0.3, recency: 0.2 },
  vectors: {
    width: 32,
    reach: 10,
    decay: 2,
    negatives: 24,
    epochs: 2,
    refresh: 0.5,
    learningRate: 0.2,
    most: 1_000_000,
    leastClicks: 3,
    seed: 1,
  },
  category: { from: 3, decay: 1, width: 40 },
  candidates: { vstan: 60, walk: 40, suffix: 30, category: 30 },
  fit: { hidden: 16, epochs: 4, learningRate: 0.005, l2: 1e-6, seed: 1, samplesPerSlice: 30_000 },
};
