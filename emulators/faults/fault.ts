import { z } from 'zod';
import { STATUS_CODES, type StatusName } from '../status-codes.ts';

const CODES = Object.keys(STATUS_CODES) as [StatusName, ...StatusName[]];
const Share = z.number().min(0).max(1);

/** Something that goes wrong on purpose: the same words for every emulator. */
export const Fault = z.strictObject({
  /** Methods that are struck, such as `Publish` or `Commit`; default all. Each emulator's page names its own. */
  methods: z.array(z.string()).min(1).optional(),
  /** Share of calls that are struck; default all. */
  rate: Share.optional(),
  /** Calls that are struck before all is well again; default no end. */
  times: z.int().min(1).optional(),
  /** Milliseconds a struck call waits first. */
  latency_ms: z.int().min(0).max(600_000).optional(),
  /** What a struck call is answered with, instead of being carried out. */
  code: z.enum(CODES).optional(),
  /** A struck call is not answered as long as this fault stands. */
  hang: z.boolean().optional(),
  /** A struck call is carried out, and its connection breaks before the answer. */
  reset: z.boolean().optional(),
  /** Pub/Sub: share of acknowledged messages that are delivered once more; never with exactly-once delivery. */
  duplicates: Share.optional(),
  /** Pub/Sub: the next message is drawn among this many that are due; order within keys stays. */
  reorder: z.int().min(1).max(100_000).optional(),
  /** BigQuery: share of appended rows that are refused one by one. */
  bad_rows: Share.optional(),
});
export type Fault = z.infer<typeof Fault>;

/** What `POST /_emulator/faults` takes: one fault or several; `{}` heals. */
export const FaultSettings = z.union([Fault.transform((fault) => [fault]), z.array(Fault)]);
export type FaultSettings = z.infer<typeof FaultSettings>;

/** Faults of what is delivered or stored, which only some emulators have. */
export type Disorder = 'duplicates' | 'reorder' | 'bad_rows';
export const DISORDERS: readonly Disorder[] = ['duplicates', 'reorder', 'bad_rows'];
