import type { Logger } from '../log.ts';
import { makeOtlpExporter } from './otlp-exporter.ts';
import { makeSpanQueue } from './span-queue.ts';
import { makeTracer, type SpanAttributes, silentTracer, type Tracer } from './tracer.ts';

export interface TracingConfig {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_HEADERS: Readonly<Record<string, string>>;
  readonly OTEL_TRACES_SAMPLER_ARG: number;
}

/** A delivery waits for its spans no longer than this, in milliseconds. */
const TIMEOUT_MS = 3_000;

/** The tracer that the environment asks for; a silent one where it names no collector. */
export function openTracer(config: TracingConfig, resource: SpanAttributes, log: Logger): Tracer {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return silentTracer;
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const own = config.OTEL_EXPORTER_OTLP_HEADERS;
  const headers = isGoogles(url) ? withGoogleToken(url, own) : async () => own;
  const send = makeOtlpExporter({ url, resource, headers, timeoutMs: TIMEOUT_MS });
  return makeTracer({ sink: makeSpanQueue({ send, log }), share: config.OTEL_TRACES_SAMPLER_ARG });
}

function isGoogles(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' && hostname.endsWith('.googleapis.com');
}

/** The function's own identity; the library keeps the token until it expires. */
function withGoogleToken(url: string, own: Readonly<Record<string, string>>) {
  const loading = import('google-auth-library').then(
    ({ GoogleAuth }) => new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/trace.append' }),
  );
  // An import that fails is told with the first export.
  loading.catch(() => undefined);
  return async () => ({
    ...Object.fromEntries(await (await loading).getRequestHeaders(url)),
    ...own,
  });
}
