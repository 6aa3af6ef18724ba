import { z } from 'zod';

/** Header names and values as `name=value,name=value`, values percent-encoded. */
const headerList = z
  .string()
  .default('')
  .transform((text, context): Readonly<Record<string, string>> => {
    const pairs = text.split(',').filter((pair) => pair.trim() !== '');
    const headers: Record<string, string> = {};
    for (const [index, pair] of pairs.entries()) {
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())];
      if (at < 1 || !/^[\w-]+$/.test(name) || value === undefined)
        context.addIssue(`header ${index + 1} of ${pairs.length} is no name=value`);
      else headers[name.toLowerCase()] = value;
    }
    return headers;
  });

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * Where traces go, by the names OpenTelemetry has for it:
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Where traces are sent by OTLP/HTTP: https://telemetry.googleapis.com for Cloud Trace, or a collector, for example http://127.0.0.1:4318. Unset: nowhere.',
    ),
  OTEL_EXPORTER_OTLP_HEADERS: headerList.describe(
    'Headers for a collector that wants them: name=value,name=value with percent-encoded values. Cloud Trace needs none.',
  ),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe(
      'Share of traces recorded, of those that begin here: 0 to 1. A click whose traceparent is decided keeps the decision.',
    ),
};
