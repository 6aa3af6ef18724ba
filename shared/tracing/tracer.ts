import { childTrace, type TraceContext } from '../trace.ts';

/** As OpenTelemetry has them: https://opentelemetry.io/docs/specs/otel/trace/api/#spankind */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** What is known of a span, by name: https://opentelemetry.io/docs/specs/semconv/ */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A piece of work that is over. */
export interface FinishedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly trace: TraceContext;
  /** Sixteen hexadecimal digits; absent at the root of a trace. */
  readonly parentSpanId?: string;
  /** Spans of other traces that this work also follows from. */
  readonly links: readonly TraceContext[];
  /** Epoch milliseconds, with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: SpanAttributes;
  /** Why the work failed. */
  readonly error?: string;
}

/** A piece of work that goes on. */
export interface Span {
  readonly trace: TraceContext;
  /** False where nobody will see it: attributes need not be gathered. */
  readonly recorded: boolean;
  end(outcome?: { readonly attributes?: SpanAttributes; readonly error?: string }): void;
}

export interface SpanOptions {
  readonly kind: SpanKind;
  readonly parent?: TraceContext | undefined;
  readonly links?: readonly TraceContext[];
  readonly attributes?: SpanAttributes;
}

/** Where finished spans go. Neither method throws or rejects. */
export interface SpanSink {
  add(span: FinishedSpan): void;
  /** Resolves once every span that was added has been handed over, or given up. */
  flush(): Promise<void>;
}

/** Follows work across functions. */
export interface Tracer {
  /** Begins a span of the parent's trace, or of a new one. */
  start(name: string, options: SpanOptions): Span;
  /** For the end of a delivery: waits for the sink where no other span is open, since the platform may stop the processor then. */
  settle(): Promise<void>;
  flush(): Promise<void>;
}

export interface TracerOptions {
  readonly sink: SpanSink;
  /** Of the traces that begin here, the share that is recorded: 0 to 1. Those that come with a decision keep it. */
  readonly share: number;
  /** Epoch milliseconds, with fractions. */
  readonly clock?: () => number;
}

const preciseClock = (): number => performance.timeOrigin + performance.now();

export function makeTracer({ sink, share, clock = preciseClock }: TracerOptions): Tracer {
  let open = 0;
  return {
    start(name, { kind, parent, links = [], attributes = {} }) {
      const child = childTrace(parent);
      const trace = parent ? child : { ...child, sampled: isChosen(child.traceId, share) };
      if (!trace.sampled) return { trace, recorded: false, end: () => undefined };
      const startMs = clock();
      let over = false;
      open += 1;
      return {
        trace,
        recorded: true,
        end(outcome = {}) {
          if (over) return;
          over = true;
          open -= 1;
          sink.add({
            name,
            kind,
            trace,
            ...(parent === undefined ? {} : { parentSpanId: parent.spanId }),
            links,
            startMs,
            endMs: clock(),
            attributes: { ...attributes, ...outcome.attributes },
            ...(outcome.error === undefined ? {} : { error: outcome.error }),
          });
        },
      };
    },
    settle: () => (open === 0 ? sink.flush() : Promise.resolve()),
    flush: () => sink.flush(),
  };
}

/** Hands contexts on, and records nothing. */
export const silentTracer: Tracer = {
  start: (_name, { parent }) => ({ trace: childTrace(parent), recorded: false, end: () => undefined }),
  settle: () => Promise.resolve(),
  flush: () => Promise.resolve(),
};

/** By the trace id alone, so that every process would choose alike (OpenTelemetry's TraceIdRatioBased). */
function isChosen(traceId: string, share: number): boolean {
  return Number.parseInt(traceId.slice(-14), 16) < share * 2 ** 56;
}
