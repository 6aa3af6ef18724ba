import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { z } from 'zod';
import { describeIssues } from '../../shared/message.ts';
import type { AttributeValue, StoredSpan } from './span.ts';

/** A body that is no ExportTraceServiceRequest. */
export class UnreadableTraces extends Error {
  override readonly name = 'UnreadableTraces';
}

const requestType = protobuf
  .parse(readFileSync(new URL('otlp.proto', import.meta.url), 'utf8'))
  .root.lookupType('ExportTraceServiceRequest');

/** An attribute's value in OTLP's JSON form: one field named for its kind, 64-bit numbers as text or number. */
type AnyValue = Readonly<Record<string, unknown>>;

const Pairs = z
  .array(
    z.object({
      key: z.string(),
      value: z
        .record(z.string(), z.unknown())
        .nullish()
        .transform((v) => v ?? {}),
    }),
  )
  .default([]);
const TraceId = z
  .string()
  .regex(/^[0-9a-f]{32}$/i)
  .toLowerCase();
const SpanId = z
  .string()
  .regex(/^[0-9a-f]{16}$/i)
  .toLowerCase();
const Nanoseconds = z.union([z.string().regex(/^\d{1,20}$/), z.number().min(0)]).transform(Number);
const Request = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: z.object({ attributes: Pairs }).prefault({}),
        scopeSpans: z
          .array(
            z.object({
              spans: z
                .array(
                  z.object({
                    traceId: TraceId,
                    spanId: SpanId,
                    parentSpanId: z.union([z.literal(''), SpanId]).optional(),
                    name: z.string().default(''),
                    kind: z.number().int().default(0),
                    startTimeUnixNano: Nanoseconds.default(0),
                    endTimeUnixNano: Nanoseconds.default(0),
                    attributes: Pairs,
                    links: z.array(z.object({ traceId: TraceId, spanId: SpanId })).default([]),
                    status: z
                      .object({ code: z.number().default(0), message: z.string().default('') })
                      .prefault({}),
                  }),
                )
                .default([]),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/** By number, as the protocol counts them. */
const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_ERROR = 2;

/**
 * Reads an ExportTraceServiceRequest in its binary form, or, by its content type, in its JSON form:
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp-request
 * @throws UnreadableTraces saying where the body is not of that form
 */
export function readOtlp(body: Uint8Array, contentType: string): readonly StoredSpan[] {
  const isJson = /^application\/json\b/i.test(contentType);
  const parsed = Request.safeParse(isJson ? fromJson(body) : fromBinary(body));
  if (!parsed.success) {
    const { path, message } = describeIssues(parsed.error);
    throw new UnreadableTraces(
      `the request is no ExportTraceServiceRequest at ${path || 'its top'}: ${message}`,
    );
  }
  return parsed.data.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(plain(resource.attributes)['service.name'] ?? 'unknown_service');
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(
        (span): StoredSpan => ({
          trace_id: span.traceId,
          span_id: span.spanId,
          ...(span.parentSpanId ? { parent_span_id: span.parentSpanId } : {}),
          service,
          name: span.name,
          kind: KINDS[span.kind] ?? 'unspecified',
          start_ms: milliseconds(span.startTimeUnixNano),
          end_ms: milliseconds(span.endTimeUnixNano),
          attributes: plain(span.attributes),
          links: span.links.map((link) => ({ trace_id: link.traceId, span_id: link.spanId })),
          ...(span.status.code === STATUS_ERROR ? { error: span.status.message || 'failed' } : {}),
        }),
      ),
    );
  });
}

function fromJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new UnreadableTraces('the request is no UTF-8 JSON', { cause });
  }
}

/** The binary form as the JSON form has it: camel case, 64-bit numbers as text, ids in hexadecimal digits. */
function fromBinary(body: Uint8Array): unknown {
  try {
    const decoded = requestType.toObject(requestType.decode(body), { longs: String });
    return JSON.parse(JSON.stringify(decoded, hexadecimal));
  } catch (cause) {
    throw new UnreadableTraces('the request is no protobuf of OTLP', { cause });
  }
}

function hexadecimal(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Readonly<Record<string, unknown>>)[key];
  return original instanceof Uint8Array ? Buffer.from(original).toString('hex') : value;
}

function plain(pairs: z.infer<typeof Pairs>): Readonly<Record<string, AttributeValue>> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: AnyValue): AttributeValue {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue } = value;
  if (stringValue !== undefined) return String(stringValue);
  if (boolValue !== undefined) return Boolean(boolValue);
  if (intValue !== undefined) return Number(intValue);
  if (doubleValue !== undefined) return Number(doubleValue);
  if (arrayValue !== undefined) {
    const { values } = arrayValue as { readonly values?: unknown };
    return Array.isArray(values) ? values.map((each) => plainValue(each as AnyValue)) : [];
  }
  return JSON.stringify(value);
}

/** Epoch milliseconds, to the microsecond: a double has no more of them. */
function milliseconds(nanoseconds: number): number {
  return Math.round(nanoseconds / 1000) / 1000;
}
