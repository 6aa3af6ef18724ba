import protobuf, { type Writer } from 'protobufjs/minimal.js';
import type { TraceContext } from '../trace.ts';
import type { FinishedSpan, SpanAttributes, SpanKind } from './tracer.ts';

type Value = SpanAttributes[string];

const SCOPE = 'nextclick';
const KIND: Readonly<Record<SpanKind, number>> = {
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
};
const STATUS_ERROR = 2;
/** Bit 0: sampled. Bits 8 and 9: whether the parent is in another process is not told. */
const FLAGS_SAMPLED = 1;

/**
 * An `ExportTraceServiceRequest`, by protobufjs's writer: reflection or generated code would weigh more than these few fields.
 * https://github.com/open-telemetry/opentelemetry-proto/blob/v1.9.0/opentelemetry/proto/trace/v1/trace.proto
 * @param resource attributes of whoever made the spans
 */
export function encodeTraces(resource: SpanAttributes, spans: readonly FinishedSpan[]): Uint8Array {
  const request = protobuf.Writer.create();
  message(request, 1, (resourceSpans) => {
    message(resourceSpans, 1, (writer) => attributes(writer, 1, resource));
    message(resourceSpans, 2, (scopeSpans) => {
      message(scopeSpans, 1, (writer) => text(writer, 1, SCOPE));
      for (const span of spans) message(scopeSpans, 2, (writer) => encodeSpan(writer, span));
    });
  });
  return request.finish();
}

function encodeSpan(writer: Writer, span: FinishedSpan): void {
  bytes(writer, 1, span.trace.traceId);
  bytes(writer, 2, span.trace.spanId);
  if (span.parentSpanId !== undefined) bytes(writer, 4, span.parentSpanId);
  text(writer, 5, span.name);
  writer.uint32(tag(6, 0)).int32(KIND[span.kind]);
  writer.uint32(tag(7, 1)).fixed64(nanoseconds(span.startMs));
  writer.uint32(tag(8, 1)).fixed64(nanoseconds(span.endMs));
  attributes(writer, 9, span.attributes);
  for (const link of span.links) message(writer, 13, (inner) => encodeLink(inner, link));
  const { error } = span;
  if (error !== undefined) {
    message(writer, 15, (status) => {
      text(status, 2, error);
      status.uint32(tag(3, 0)).int32(STATUS_ERROR);
    });
  }
  writer.uint32(tag(16, 5)).fixed32(FLAGS_SAMPLED);
}

function encodeLink(writer: Writer, link: TraceContext): void {
  bytes(writer, 1, link.traceId);
  bytes(writer, 2, link.spanId);
  writer.uint32(tag(6, 5)).fixed32(link.sampled ? FLAGS_SAMPLED : 0);
}

function attributes(writer: Writer, field: number, values: SpanAttributes): void {
  for (const [key, value] of Object.entries(values)) {
    message(writer, field, (pair) => {
      text(pair, 1, key);
      message(pair, 2, (any) => encodeValue(any, value));
    });
  }
}

function encodeValue(writer: Writer, value: Value): void {
  if (typeof value === 'string') text(writer, 1, value);
  else if (typeof value === 'boolean') writer.uint32(tag(2, 0)).bool(value);
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) writer.uint32(tag(3, 0)).int64(value);
    else writer.uint32(tag(4, 1)).double(value);
  } else {
    message(writer, 5, (list) => {
      for (const each of value) message(list, 1, (any) => text(any, 1, each));
    });
  }
}

function message(writer: Writer, field: number, write: (inner: Writer) => void): void {
  const inner = writer.uint32(tag(field, 2)).fork();
  write(inner);
  inner.ldelim();
}

function text(writer: Writer, field: number, value: string): void {
  writer.uint32(tag(field, 2)).string(value);
}

function bytes(writer: Writer, field: number, hex: string): void {
  writer.uint32(tag(field, 2)).bytes(Buffer.from(hex, 'hex'));
}

/** @param wire 0: varint, 1: 64 bits, 2: with its length, 5: 32 bits */
function tag(field: number, wire: 0 | 1 | 2 | 5): number {
  return (field << 3) | wire;
}

/** Epoch nanoseconds, as exact as a double has them: to some 256. */
function nanoseconds(ms: number): number {
  return Math.round(ms * 1e6);
}
