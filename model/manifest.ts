import { z } from 'zod';

/** How a model orders items; from most to least data needed. */
export const METHODS = ['hidden', 'linear', 'vstan', 'popularity'] as const;
export type Method = (typeof METHODS)[number];

/** Quality on test cases: shares between 0 and 1. HR@20: the next item is among 20; MRR@20: mean of 1 / its rank there. */
export const Metrics = z.object({
  cases: z.int(),
  hr20: z.number(),
  mrr20: z.number(),
  /** The same with the item being looked at left out of lists and labels: what a shop serves. */
  hr20_excluding_current: z.number(),
  mrr20_excluding_current: z.number(),
  /** Share of the items that were listed for anybody. */
  coverage: z.number(),
  /** Mean popularity percentile of listed items: 1 lists only the most popular. */
  popularity_bias: z.number(),
});
export type Metrics = z.infer<typeof Metrics>;

/** `manifest.json` of an artifact: what the model is, and how good it was found to be. */
export const Manifest = z.object({
  model_version: z.string().min(1).max(128),
  created_at: z.iso.datetime(),
  method: z.enum(METHODS),
  counts: z.object({
    sessions: z.int(),
    clicks: z.int(),
    items: z.int(),
    /** Sessions left out of training, by reason. */
    rejected: z.record(z.string(), z.int()),
    /** Samples the re-ranker learned from; 0 without one. */
    samples: z.int(),
  }),
  /** End of the newest session, where sessions bring times. */
  newest_session_at: z.iso.datetime().optional(),
  parameters: z.record(z.string(), z.json()),
  /**
   * Each method that was tried, learned from the older sessions and judged on the newest; empty where there were too
   * few sessions to judge by.
   */
  evaluation: z.partialRecord(z.enum(METHODS), Metrics),
  /** The 200 most popular item ids. */
  popular: z.array(z.string()).max(200),
  index: z.object({ bytes: z.int(), crc32: z.int() }),
  /** Whether `shelves.json` lies beside the index. */
  shelves: z.boolean().optional(),
});
export type Manifest = z.infer<typeof Manifest>;
