/**
 * List prices in US dollars, as published for us-central1 (most European regions differ by up to 20 %), without free tiers and
 * discounts. Written down on 2026-11-21 from memory of the pages named and from facts gathered earlier, not from the live
 * pages: check them before you rely on a figure, and change them here only.
 */
export const PRICES = {
  asOf: '2026-11-21',
  /** https://cloud.google.com/run/pricing (request-based billing) */
  run: {
    vcpuSecond: 0.000024,
    gibSecond: 0.0000025,
    millionRequests: 0.4,
    /** A minimum instance that waits. */
    idleVcpuSecond: 0.0000025,
    idleGibSecond: 0.0000025,
  },
  /** https://cloud.google.com/pubsub/pricing: published and delivered bytes each count, a request at least 1000. */
  pubsub: { tib: 40, leastBytes: 1000 },
  /** https://cloud.google.com/bigquery/pricing: Storage Write API; active storage. */
  bigquery: { appendGib: 0.025, storageGibMonth: 0.02 },
  /** https://cloud.google.com/firestore/pricing, a single region. */
  firestore: { reads100k: 0.03, writes100k: 0.09 },
  /** https://cloud.google.com/vertex-ai/pricing: an n1-standard-2 node for online prediction. */
  vertex: { nodeHour: 0.1093 },
  /** https://cloud.google.com/stackdriver/pricing */
  logging: { gib: 0.5 },
  /** https://cloud.google.com/dataflow/pricing: streaming workers, and Streaming Engine by data. */
  dataflow: { vcpuHour: 0.069, gibHour: 0.003557, engineGib: 0.018 },
} as const;
