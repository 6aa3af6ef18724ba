import { randomHex } from './random-hex.ts';

/** W3C Trace Context (https://www.w3.org/TR/trace-context/): 32 and 16 hexadecimal digits. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

/** Parses a `traceparent`; undefined where it is absent or malformed. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(header ?? '');
  if (!match?.[1] || !match[2] || !match[3] || /^0+$/.test(match[1]) || /^0+$/.test(match[2]))
    return undefined;
  return { traceId: match[1], spanId: match[2], sampled: (Number.parseInt(match[3], 16) & 1) === 1 };
}

/** The trace that a Pub/Sub message carries: by W3C's attribute, else by the one Google's client libraries write. */
export function messageTrace(attributes: Readonly<Record<string, string>>): TraceContext | undefined {
  return parseTraceparent(attributes.traceparent) ?? parseTraceparent(attributes.googclient_traceparent);
}

/** The `traceparent` of a context. */
export function formatTraceparent(trace: TraceContext): string {
  return `00-${trace.traceId}-${trace.spanId}-${trace.sampled ? '01' : '00'}`;
}

/** A span of the parent's trace, or the root of a new one. */
export function childTrace(parent?: TraceContext): TraceContext {
  return {
    traceId: parent?.traceId ?? randomHex(16),
    spanId: randomHex(8),
    sampled: parent?.sampled ?? true,
  };
}

/** The log fields by which Cloud Logging ties lines to a trace. */
export function traceFields(project: string, trace: TraceContext): Record<string, unknown> {
  return {
    'logging.googleapis.com/trace': `projects/${project}/traces/${trace.traceId}`,
    'logging.googleapis.com/spanId': trace.spanId,
    'logging.googleapis.com/trace_sampled': trace.sampled,
  };
}
