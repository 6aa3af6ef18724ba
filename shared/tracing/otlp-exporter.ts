import { TransientError } from '../errors.ts';
import { encodeTraces } from './otlp-encoding.ts';
import type { FinishedSpan, SpanAttributes } from './tracer.ts';

export interface OtlpExporterOptions {
  /** Where traces are posted: `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  /** Attributes of the process that makes the spans. */
  readonly resource: SpanAttributes;
  /** Headers of each request, credentials among them. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Posts spans by OTLP/HTTP in its binary form: https://opentelemetry.io/docs/specs/otlp/#otlphttp
 * @returns a function that rejects with TransientError where the collector did not take them
 */
export function makeOtlpExporter({ url, resource, headers, timeoutMs }: OtlpExporterOptions) {
  return async (spans: readonly FinishedSpan[]): Promise<void> => {
    let response: Response;
    let answer: string;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf', ...(await headers()) },
        body: Buffer.from(encodeTraces(resource, spans)),
        signal: AbortSignal.timeout(timeoutMs),
      });
      answer = await response.text();
    } catch (cause) {
      throw new TransientError(`${url} could not be reached: ${whyOf(cause)}`, { cause });
    }
    if (!response.ok)
      throw new TransientError(`${url} answered ${response.status} ${printable(answer).slice(0, 200)}`);
  };
}

/** `fetch failed` says nothing; its cause does. */
function whyOf(error: unknown): string {
  const { message, cause } = error as { readonly message?: string; readonly cause?: { message?: string } };
  return cause?.message || message || String(error);
}

/** A binary `google.rpc.Status` without what a log cannot show. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ').trim();
}
