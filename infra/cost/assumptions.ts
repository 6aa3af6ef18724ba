/** What the model of cost takes for granted. `measured` are from `node infra/cost/measure.ts`; change what your shop knows better. */
export const ASSUMPTIONS = {
  /** Events that one request of a client carries. */
  eventsPerRequest: 2,
  /** Bytes of one raw event as JSON (measured). */
  rawBytes: 820,
  /** Bytes of one enriched event as JSON, its customer's last 40 events with it (measured). */
  enrichedBytes: 3_080,
  /** Bytes of its row, which is without the customer (measured). */
  rowBytes: 1_100,
  /** Bytes of the recommendations for one visitor (12 items with reasons). */
  recommendationBytes: 1_900,
  /** Bytes of one log line `handled`. */
  logBytes: 500,
  /** Processor seconds per event in each function: enrich measured, the others taken to be alike per event. */
  cpuSecondsPerEvent: 0.00017,
  /** Processor seconds that each message or request costs by itself (framework, gRPC, publish). */
  cpuSecondsPerMessage: 0.0015,
  /** Publishes that ingest has under way gather what arrives meanwhile: seconds. */
  gatherSeconds: 0.02,
  /** Events a second that one instance of ingest takes before there is another. */
  eventsPerInstance: 1_500,
  /** A message holds at most. */
  mostEvents: 500,
  mostBytes: 256 * 1024,
  /** Share of events that ask for new recommendations. */
  recommendedShare: 0.5,
  /** Events of one person that come in one message, of those that are many: reads and writes are shared. */
  eventsPerPerson: 1.5,
  /** Predictions a second that one model replica gives. */
  predictionsPerReplica: 500,
  /** The busiest hour against the mean: what replicas and workers must bear. */
  peak: 3,
  /** Events a second per vCPU of a Dataflow worker that parses, enriches and writes. */
  dataflowEventsPerVcpu: 1_000,
} as const;
