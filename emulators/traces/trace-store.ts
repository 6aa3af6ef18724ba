import type { StoredSpan } from './span.ts';

/** A trace at a glance. */
export interface TraceSummary {
  readonly trace_id: string;
  /** Of its earliest span. */
  readonly name: string;
  readonly start_ms: number;
  /** From its first span's start to its last one's end. */
  readonly duration_ms: number;
  readonly spans: number;
  /** Who took part, in the order of their first spans. */
  readonly services: readonly string[];
  readonly failed: boolean;
}

/** Received spans, by trace. */
export interface TraceStore {
  add(spans: readonly StoredSpan[]): void;
  /** Newest first. */
  recent(limit: number): readonly TraceSummary[];
  /** Traces with a span that names the event, newest first. */
  ofEvent(eventId: string): readonly TraceSummary[];
  /**
   * Every span of a trace, by start; and of traces linked to it, the linking span and what follows from it: where many
   * requests went on in one message, each of them sees what became of the message.
   */
  spans(traceId: string): readonly StoredSpan[];
  clear(): void;
}

export interface TraceStoreOptions {
  /** Spans kept; the oldest traces go first. */
  readonly maxSpans: number;
}

const EVENT_IDS = 'nextclick.event_ids';

export function makeTraceStore({ maxSpans }: TraceStoreOptions): TraceStore {
  /** In order of their last change: a trace that still grows is not the oldest. */
  const traces = new Map<string, StoredSpan[]>();
  /** Spans that link to a trace, by that trace. */
  const linking = new Map<string, StoredSpan[]>();
  const byEvent = new Map<string, Set<string>>();
  let kept = 0;

  const append = (to: Map<string, StoredSpan[]>, key: string, span: StoredSpan): void => {
    const list = to.get(key) ?? [];
    list.push(span);
    to.delete(key);
    to.set(key, list);
  };

  const drop = (from: Map<string, StoredSpan[]>, key: string, span: StoredSpan): void => {
    const left = (from.get(key) ?? []).filter((each) => each !== span);
    if (left.length > 0) from.set(key, left);
    else from.delete(key);
  };

  const forget = (traceId: string): void => {
    const spans = traces.get(traceId) ?? [];
    kept -= spans.length;
    traces.delete(traceId);
    linking.delete(traceId);
    for (const span of spans) {
      for (const link of span.links) drop(linking, link.trace_id, span);
      for (const id of eventIdsOf(span)) {
        const known = byEvent.get(id);
        known?.delete(traceId);
        if (known?.size === 0) byEvent.delete(id);
      }
    }
  };

  const summaries = (ids: Iterable<string>): TraceSummary[] =>
    [...ids]
      .flatMap((id) => summaryOf(id, traces.get(id) ?? []) ?? [])
      .sort((a, b) => b.start_ms - a.start_ms);

  return {
    add(spans) {
      for (const span of spans) {
        append(traces, span.trace_id, span);
        kept += 1;
        for (const traceId of new Set(span.links.map((link) => link.trace_id)))
          if (traceId !== span.trace_id) append(linking, traceId, span);
        for (const id of eventIdsOf(span)) {
          const known = byEvent.get(id) ?? new Set();
          byEvent.set(id, known.add(span.trace_id));
        }
      }
      for (const [oldest] of traces) {
        if (kept <= maxSpans) break;
        forget(oldest);
      }
    },
    recent: (limit) => summaries([...traces.keys()].slice(-limit)),
    ofEvent: (eventId) => summaries(byEvent.get(eventId) ?? []),
    spans(traceId) {
      const found = new Set(traces.get(traceId));
      for (const link of linking.get(traceId) ?? [])
        for (const span of withDescendants(link, traces.get(link.trace_id) ?? [])) found.add(span);
      return [...found].sort((a, b) => a.start_ms - b.start_ms);
    },
    clear() {
      traces.clear();
      linking.clear();
      byEvent.clear();
      kept = 0;
    },
  };
}

function eventIdsOf({ attributes }: StoredSpan): readonly string[] {
  const ids = attributes[EVENT_IDS];
  return Array.isArray(ids) ? ids.map(String) : [];
}

function summaryOf(traceId: string, spans: readonly StoredSpan[]): TraceSummary | undefined {
  const ordered = spans.toSorted((a, b) => a.start_ms - b.start_ms);
  const [first] = ordered;
  if (!first) return undefined;
  const end = ordered.reduce((latest, span) => Math.max(latest, span.end_ms), 0);
  return {
    trace_id: traceId,
    name: first.name,
    start_ms: first.start_ms,
    duration_ms: Math.round((end - first.start_ms) * 1000) / 1000,
    spans: spans.length,
    services: [...new Set(ordered.map(({ service }) => service))],
    failed: spans.some(({ error }) => error !== undefined),
  };
}

/** A span and everything below it. Spans may name parents in a circle; each is taken once. */
function withDescendants(top: StoredSpan, spans: readonly StoredSpan[]): ReadonlySet<StoredSpan> {
  const children = Map.groupBy(spans, ({ parent_span_id }) => parent_span_id ?? '');
  const found = new Set([top]);
  for (const span of found) for (const child of children.get(span.span_id) ?? []) found.add(child);
  return found;
}
