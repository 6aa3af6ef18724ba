import { messageOf } from '../../shared/errors.ts';
import { jsonDepth } from '../../shared/json.ts';
import type { Logger } from '../../shared/log.ts';
import { parseTraceparent } from '../../shared/trace.ts';
import { idsOf } from '../../shared/tracing/ids-of.ts';
import { silentTracer, type Tracer } from '../../shared/tracing/tracer.ts';
import type { Cors } from './cors.ts';
import type { Development } from './development/development.ts';
import { type CollectorRequest, type CollectorResponse, headerOf, jsonResponse, Refusal } from './http.ts';
import type { Meter } from './meter.ts';
import type { Protocol } from './protocols/protocol.ts';
import { makeTakeEvents, type TakeEventsOptions, type Taken } from './take-events.ts';

export interface IngestOptions extends TakeEventsOptions {
  readonly protocols: readonly Protocol[];
  readonly cors: Cors;
  readonly meter: Meter;
  readonly log: Logger;
  /** Default: one that records nothing. */
  readonly tracer?: Tracer;
  /** True once the process is to end: no further request is taken. */
  readonly stopping?: () => boolean;
  readonly clock?: () => number;
  /** Only on a developer's machine. */
  readonly development?: Development | undefined;
}

/** Answers one request; never rejects. A 2xx means that every event in it is on a topic, accepted or failed. */
export type Ingest = (request: CollectorRequest) => Promise<CollectorResponse>;

export function makeIngest(options: IngestOptions): Ingest {
  const { protocols, cors, meter, log, tracer = silentTracer, development } = options;
  const { stopping = () => false, clock = Date.now } = options;
  const routes = new Map(protocols.flatMap((protocol) => protocol.routes.map((route) => [route, protocol])));
  const takeEvents = makeTakeEvents(options);
  const report = onceASecond(clock, (error) =>
    log.error(`requests are answered 503: ${messageOf(error)}`, { error }),
  );

  const speak = async (protocol: Protocol, request: CollectorRequest): Promise<CollectorResponse> => {
    const started = clock();
    const span = tracer.start(`${request.method} ${request.path}`, {
      kind: 'server',
      parent: parseTraceparent(headerOf(request.headers, 'traceparent')),
      attributes: { 'http.request.method': request.method, 'url.path': request.path },
    });
    const answered = (response: CollectorResponse, taken?: Taken): CollectorResponse => {
      const count = taken?.outcomes.length ?? 0;
      const out = taken?.accepted ?? 0;
      const { status } = response;
      meter.observe({ in: count, out, failed: count - out, status, durationMs: clock() - started });
      if (span.recorded) span.end(spanOutcome(status, taken));
      return { ...response, headers: { ...response.headers, ...cors.headers(request.headers) } };
    };
    try {
      if (stopping()) throw again('the collector is shutting down; send the same events again', 1);
      const taken = await takeEvents(protocol, request, started, span.trace);
      const answer = protocol.answer(taken.outcomes, request);
      const { answerHeaders } = taken.decoded;
      development?.observer.tell(() => recordOf(protocol, started, answer.status, taken));
      return answered({ ...answer, headers: { ...answer.headers, ...answerHeaders } }, taken);
    } catch (error) {
      if (!(error instanceof Refusal)) report(error);
      const answer = refuse(protocol, error, request);
      development?.observer.tell(() => recordOf(protocol, started, answer.status, messageOf(error)));
      return answered(answer);
    }
  };

  const documentFor = (request: CollectorRequest): CollectorResponse | undefined => {
    for (const protocol of protocols) {
      const found = protocol.document?.(request);
      if (found) return { ...found, headers: { ...found.headers, ...cors.headers(request.headers) } };
    }
    return undefined;
  };

  return (request) => {
    const protocol = routes.get(`${request.method} ${request.path}`);
    if (protocol) return speak(protocol, request);
    return Promise.resolve(
      request.method === 'OPTIONS'
        ? cors.preflight(request.headers)
        : (health(request, stopping()) ??
            documentFor(request) ??
            development?.respond(request) ??
            unknownRoute(request, [...routes.keys()])),
    );
  };
}

/** What a request's span says at its end: how it was answered, and which events were in it. */
function spanOutcome(status: number, taken: Taken | undefined) {
  const ids = idsOf(taken?.outcomes ?? []);
  const attributes = {
    'http.response.status_code': status,
    ...(taken ? { 'nextclick.in': taken.outcomes.length, 'nextclick.event_ids': ids } : {}),
  };
  return status >= 500 ? { attributes, error: `answered ${status}` } : { attributes };
}

/** What the page of development shows: each event as decoded and what became of it, or why the request was refused. */
function recordOf({ name }: Protocol, at: number, status: number, result: Taken | string): object {
  const head = { at: new Date(at).toISOString(), protocol: name, status };
  if (typeof result === 'string') return { ...head, error: result };
  const { outcomes, decoded } = result;
  return {
    ...head,
    events: outcomes.map((outcome, index) => ({ ...outcome, event: shown(decoded.events[index]) })),
  };
}

/** What nests deeper is rejected, and is not shown: it could not be written as JSON. */
const SHOWN_DEPTH = 64;

function shown(event: unknown): unknown {
  return jsonDepth(event, SHOWN_DEPTH) > SHOWN_DEPTH ? undefined : event;
}

function health({ method, path }: CollectorRequest, stopping: boolean): CollectorResponse | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (path !== '/health') return undefined;
  return jsonResponse(stopping ? 503 : 200, { status: stopping ? 'stopping' : 'ok' });
}

function unknownRoute({ method, path }: CollectorRequest, routes: readonly string[]): CollectorResponse {
  const known = routes.join(', ');
  const methods = routes.map((route) => route.split(' ')).filter(([, other]) => other === path);
  return methods.length > 0
    ? jsonResponse(
        405,
        { error: `${path} does not take ${method}; known are ${known}` },
        { allow: methods.map(([allowed]) => allowed).join(', ') },
      )
    : jsonResponse(404, { error: `there is nothing at this path; known are ${known}` });
}

function again(message: string, retryAfterSeconds: number, cause?: unknown): Refusal {
  return new Refusal(503, message, { retryAfterSeconds, cause });
}

/** What is no refusal came from Pub/Sub, or is a fault of ours: in both cases the client keeps its events. */
function refuse(protocol: Protocol, error: unknown, request: CollectorRequest): CollectorResponse {
  const refusal =
    error instanceof Refusal
      ? error
      : again('the events could not be made durable; send the same events again after Retry-After', 2, error);
  const response = protocol.refuse(refusal, request);
  const retry = refusal.retryAfterSeconds;
  return retry === undefined
    ? response
    : { ...response, headers: { 'retry-after': String(retry), ...response.headers } };
}

/** During an outage every request fails alike: one line a second tells it. */
function onceASecond<T>(clock: () => number, call: (value: T) => void): (value: T) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (value) => {
    if (clock() - last < 1_000) return;
    last = clock();
    call(value);
  };
}
