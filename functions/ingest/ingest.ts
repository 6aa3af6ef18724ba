import { messageOf } from '../../shared/errors.ts';
import type { Collector } from '../../shared/events.ts';
import { type FunctionIdentity, makeFailedEvent } from '../../shared/failed-event.ts';
import type { Logger } from '../../shared/log.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { childTrace, formatTraceparent, parseTraceparent } from '../../shared/trace.ts';
import type { Admission } from './admission.ts';
import { type CollectorFieldsOptions, clientFields } from './collector-fields.ts';
import type { Cors } from './cors.ts';
import type { EventLog } from './event-log.ts';
import { type CollectorRequest, type CollectorResponse, headerOf, jsonResponse, Refusal } from './http.ts';
import { judgeEvents, type Verdict } from './judge-events.ts';
import type { Meter } from './meter.ts';
import type { Decoded, Outcome, Protocol } from './protocols/protocol.ts';
import { type WriteKeys, writeKeyOf } from './write-keys.ts';

export interface IngestOptions {
  readonly identity: FunctionIdentity;
  readonly protocols: readonly Protocol[];
  readonly writeKeys: WriteKeys;
  readonly eventLog: EventLog;
  readonly admission: Admission;
  readonly cors: Cors;
  readonly meter: Meter;
  readonly log: Logger;
  readonly client: CollectorFieldsOptions;
  readonly maxBodyBytes: number;
  readonly maxEvents: number;
  /** How long a client waits for durability before it is told to come again, in milliseconds. */
  readonly ackMs: number;
  /** True once the process is to end: no further request is taken. */
  readonly stopping?: () => boolean;
  readonly clock?: () => number;
}

/** Answers one request; never rejects. A 2xx means that every event in it is on a topic, accepted or failed. */
export type Ingest = (request: CollectorRequest) => Promise<CollectorResponse>;

interface Taken {
  readonly outcomes: readonly Outcome[];
  readonly accepted: number;
}

export function makeIngest(options: IngestOptions): Ingest {
  const { protocols, cors, meter, log, stopping = () => false, clock = Date.now } = options;
  const routes = new Map(protocols.flatMap((protocol) => protocol.routes.map((route) => [route, protocol])));
  const paths = new Set([...routes.keys()].map((route) => route.split(' ')[1]));

  const report = onceASecond(clock, (error) =>
    log.error(`requests are answered 503: ${messageOf(error)}`, { error }),
  );

  const speak = async (protocol: Protocol, request: CollectorRequest): Promise<CollectorResponse> => {
    const started = clock();
    const observe = (taken: Taken | undefined, status: number): void => {
      const count = taken?.outcomes.length ?? 0;
      const out = taken?.accepted ?? 0;
      meter.observe({ in: count, out, failed: count - out, status, durationMs: clock() - started });
    };
    try {
      if (stopping()) {
        throw new Refusal(503, 'the collector is shutting down; send the same events again', {
          retryAfterSeconds: 1,
        });
      }
      const taken = await take(options, protocol, request, started);
      const response = protocol.answer(taken.outcomes);
      observe(taken, response.status);
      return response;
    } catch (error) {
      const response = refuse(protocol, refusalOf(error, report));
      observe(undefined, response.status);
      return response;
    }
  };

  return async (request) => {
    const { method, path, headers } = request;
    if (method === 'OPTIONS') return cors.preflight(headers);
    if ((method === 'GET' || method === 'HEAD') && (path === '/healthz' || path === '/health')) {
      return jsonResponse(stopping() ? 503 : 200, { status: stopping() ? 'stopping' : 'ok' });
    }
    const protocol = routes.get(`${method} ${path}`);
    if (protocol) {
      const response = await speak(protocol, request);
      return { ...response, headers: { ...response.headers, ...cors.headers(headers) } };
    }
    const known = [...routes.keys()].join(', ');
    return paths.has(path)
      ? jsonResponse(405, { error: `${path} does not take ${method}; known are ${known}` }, { allow: 'POST' })
      : jsonResponse(404, { error: `there is nothing at this path; known are ${known}` });
  };
}

async function take(
  options: IngestOptions,
  protocol: Protocol,
  request: CollectorRequest,
  receivedAt: number,
): Promise<Taken> {
  const { identity, writeKeys, admission, eventLog, maxBodyBytes, maxEvents, ackMs } = options;
  const headerKey = writeKeyOf(request.headers);
  if (headerKey !== undefined && !writeKeys.has(headerKey)) throw unauthorized();
  const ticket = admission.enter(Math.min(request.declaredBytes ?? 0, maxBodyBytes));
  let durable: Promise<void> | undefined;
  try {
    const body = await request.readBody(maxBodyBytes);
    ticket.resize(body.length);
    const decoded = protocol.decode({ ...request, body });
    const key = headerKey ?? decoded.writeKey;
    if (key === undefined || !writeKeys.has(key)) throw unauthorized();
    if (decoded.events.length > maxEvents) {
      throw new Refusal(
        413,
        `the request has ${decoded.events.length} events; ${maxEvents} are allowed: split it`,
      );
    }
    const verdicts = judgeEvents(decoded.events, {
      scope: key,
      collector: collectorOf(options, protocol, request, decoded, receivedAt),
      totalBytes: body.length,
    });
    const accepted = verdicts.flatMap((verdict) => (verdict.status === 'accepted' ? [verdict.event] : []));
    const failed = verdicts.flatMap((verdict) =>
      verdict.status === 'rejected'
        ? [makeFailedEvent(identity, failureOf(verdict, receivedAt), receivedAt)]
        : [],
    );
    const parent = parseTraceparent(headerOf(request.headers, 'traceparent'));
    const traceparent = formatTraceparent(childTrace(parent));
    durable = eventLog.append({ accepted, failed, bytes: body.length, traceparent });
    await within(durable, ackMs);
    return { outcomes: verdicts.map(outcomeOf), accepted: accepted.length };
  } finally {
    // A publish that outlasts the answer still holds the memory.
    void Promise.allSettled([durable]).then(() => ticket.leave());
  }
}

function unauthorized(): Refusal {
  return new Refusal(
    401,
    'no valid write key; send it as X-Write-Key, as Authorization: Bearer KEY or Basic base64(KEY:), or as "writeKey" in the body',
  );
}

function collectorOf(
  options: IngestOptions,
  protocol: Protocol,
  request: CollectorRequest,
  decoded: Decoded,
  receivedAt: number,
): Collector {
  const sentAt = Date.parse(decoded.sentAt ?? '');
  return {
    received_at: new Date(receivedAt).toISOString(),
    ...(Number.isNaN(sentAt) ? {} : { sent_at: new Date(sentAt).toISOString() }),
    protocol: protocol.name,
    origin: 'live',
    ...clientFields(request.headers, request.remoteAddress, options.client),
  };
}

function failureOf(verdict: Extract<Verdict, { status: 'rejected' }>, receivedAt: number) {
  const { reason, path, message, payload } = verdict;
  return {
    reason,
    path,
    message,
    payload,
    replayTopic: TOPICS.inbox,
    receivedAt: new Date(receivedAt).toISOString(),
  };
}

function outcomeOf(verdict: Verdict): Outcome {
  return verdict.status === 'accepted'
    ? { status: 'accepted', event_id: verdict.event.event_id }
    : { status: 'rejected', path: verdict.path, message: verdict.message };
}

function refuse(protocol: Protocol, refusal: Refusal): CollectorResponse {
  const response = protocol.refuse(refusal);
  const retry = refusal.retryAfterSeconds;
  return retry === undefined
    ? response
    : { ...response, headers: { 'retry-after': String(retry), ...response.headers } };
}

/** What is no refusal came from Pub/Sub, or is a fault of ours: in both cases the client keeps its events. */
function refusalOf(error: unknown, report: (error: unknown) => void): Refusal {
  if (error instanceof Refusal) return error;
  report(error);
  return new Refusal(
    503,
    'the events could not be made durable; send the same events again after Retry-After',
    {
      retryAfterSeconds: 2,
      cause: error,
    },
  );
}

async function within(durable: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Pub/Sub did not acknowledge within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([durable, late]);
  } finally {
    clearTimeout(timer);
  }
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
