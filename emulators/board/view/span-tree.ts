import type { StoredSpan } from '../../traces/span.ts';
import type { TraceSpan } from './protocol.ts';

/** What a span's attributes are called that a person may want to see. */
const OWN = 'nextclick.';
const EVENT_IDS = 'nextclick.event_ids';

/** Spans as the page draws them: each after its parent, one level deeper; those that link to another trace after it. */
export function spanTree(spans: readonly StoredSpan[]): readonly TraceSpan[] {
  const known = new Set(spans.map(({ span_id }) => span_id));
  const parentOf = (span: StoredSpan): string | undefined => {
    const { parent_span_id: parent, links } = span;
    if (parent !== undefined && known.has(parent)) return parent;
    return links.map(({ span_id }) => span_id).find((id) => known.has(id));
  };
  const children = Map.groupBy(spans, parentOf);
  const seen = new Set<string>();
  const walk = (parent: string | undefined, depth: number): readonly TraceSpan[] =>
    (children.get(parent) ?? []).flatMap((span) => {
      if (seen.has(span.span_id)) return [];
      seen.add(span.span_id);
      return [shown(span, depth), ...walk(span.span_id, depth + 1)];
    });
  return walk(undefined, 0);
}

function shown(span: StoredSpan, depth: number): TraceSpan {
  const { span_id, trace_id, service, name, start_ms, end_ms, attributes, error } = span;
  const figures = Object.entries(attributes)
    .filter(([key]) => key.startsWith(OWN) && key !== EVENT_IDS)
    .map(([key, value]) => `${key.slice(OWN.length)} ${value}`);
  return {
    trace_id,
    span_id,
    service,
    name,
    depth,
    from: start_ms,
    to: end_ms,
    error: error ?? null,
    figures: figures.join(', '),
  };
}
