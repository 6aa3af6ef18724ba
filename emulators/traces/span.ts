/** A value of an attribute. */
export type AttributeValue = string | number | boolean | readonly AttributeValue[];

/** A span as it was received, and as the read API answers it. */
export interface StoredSpan {
  readonly trace_id: string;
  readonly span_id: string;
  /** Absent at the root of a trace. */
  readonly parent_span_id?: string;
  /** The function that did the work. */
  readonly service: string;
  readonly name: string;
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** Epoch milliseconds, with fractions. */
  readonly start_ms: number;
  readonly end_ms: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Spans of other traces that this one also follows from. */
  readonly links: readonly { readonly trace_id: string; readonly span_id: string }[];
  /** Why the work failed. */
  readonly error?: string;
}
