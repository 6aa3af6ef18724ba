/** What the pipeline view's server tells its page. Times are epoch milliseconds, durations milliseconds. */

/** One function's figures. */
export interface StageFigures {
  /** Events taken, passed on and given up since the start, or in the window that the source looks at. */
  readonly in: number;
  readonly out: number;
  readonly failed: number;
  /** Deliveries that ended in an error and come again. */
  readonly redelivered: number;
  /** Null where it is not known. */
  readonly restarts: number | null;
  /** Events a second, now. */
  readonly rate: number;
  /** Time to handle one delivery; null where there was none. */
  readonly p50: number | null;
  readonly p95: number | null;
}

/** One subscription's figures. */
export interface QueueFigures {
  /** Messages not acknowledged. */
  readonly backlog: number;
  readonly oldestSeconds: number;
  /** Messages acknowledged a second, now. */
  readonly perSecond: number;
  readonly deadLettered: number;
}

/** From a click's receipt to its recommendation on the screen. */
export interface ScreenFigures {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** The pipeline at one moment. */
export interface FlowSnapshot {
  readonly at: number;
  /** By name of the function. */
  readonly stages: Readonly<Record<string, StageFigures>>;
  /** By name of the subscription; empty where Pub/Sub does not tell. */
  readonly queues: Readonly<Record<string, QueueFigures>>;
  readonly screen: ScreenFigures;
}

/** An event that has just come by. */
export interface RecentEvent {
  readonly event_id: string;
  readonly event_name: string;
  readonly visitor: string;
  readonly at: number;
}

/** One update of the stream `/api/flow`. */
export interface Update {
  readonly snapshot: FlowSnapshot;
  /** Newest first. */
  readonly events: readonly RecentEvent[];
}

/** A stretch, or a moment, of one event's way. */
export interface Step {
  /** What happened, for a person. */
  readonly title: string;
  /** The function or topic where it happened. */
  readonly place: string;
  /** `wait`: in a topic; `work`: in a function; `point`: a moment. */
  readonly kind: 'wait' | 'work' | 'point';
  readonly from: number;
  readonly to: number;
  readonly outcome: 'ok' | 'retried' | 'failed' | 'open';
}

/** The event, or what was made of it, at one place on its way. */
export interface Form {
  readonly title: string;
  readonly json: string;
}

/** A span of an event's trace. */
export interface TraceSpan {
  readonly trace_id: string;
  readonly span_id: string;
  /** The function. */
  readonly service: string;
  readonly name: string;
  /** How many spans it is under. */
  readonly depth: number;
  readonly from: number;
  readonly to: number;
  readonly error: string | null;
  /** What the span says of itself, in words. */
  readonly figures: string;
}

/** One event's way through the pipeline. */
export interface Journey {
  readonly event_id: string;
  readonly event_name: string | null;
  readonly visitor: string | null;
  readonly trace_id: string | null;
  /** `under way` until it is stored, failed or dropped. */
  readonly outcome: 'stored' | 'failed' | 'dropped' | 'under way';
  /** Whether a recommendation that this event caused is on the shopper's screen; null where it caused none. */
  readonly on_screen: boolean | null;
  /** In order of `from`. */
  readonly steps: readonly Step[];
  readonly forms: readonly Form[];
}

/** The way, with the spans of its trace: parents before children. */
export interface TracedJourney extends Journey {
  readonly spans: readonly TraceSpan[];
}

/** Rows of a query: cells are JSON values. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** Whether there were more rows than were asked for. */
  readonly cut: boolean;
  readonly ms: number;
}

/** What an error is answered as. */
export interface Failure {
  readonly error: string;
}
