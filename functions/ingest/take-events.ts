import type { Collector, FailedEvent, RawEvent } from '../../shared/events.ts';
import { type FunctionIdentity, makeFailedEvent } from '../../shared/failed-event.ts';
import { isoTime } from '../../shared/iso-time.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import type { TraceContext } from '../../shared/trace.ts';
import type { Admission } from './admission.ts';
import { type CollectorFieldsOptions, clientFields } from './collector-fields.ts';
import type { Cors } from './cors.ts';
import { makeDeadlines } from './deadlines.ts';
import { type Entry, type EventLog, encodeEntry } from './event-log.ts';
import { type CollectorRequest, Refusal } from './http.ts';
import { judgeEvents, type Verdict } from './judge-events.ts';
import { instant } from './mapping/coerce.ts';
import type { Decoded, Outcome, Protocol } from './protocols/protocol.ts';
import type { FindSource, Source } from './sources.ts';
import { writeKeyOf } from './write-key.ts';

export interface TakeEventsOptions {
  readonly identity: FunctionIdentity;
  readonly findSource: FindSource;
  readonly cors: Pick<Cors, 'allows'>;
  readonly eventLog: EventLog;
  readonly admission: Admission;
  readonly client: CollectorFieldsOptions;
  readonly maxBodyBytes: number;
  readonly maxEvents: number;
  /** How long a client waits for durability before it is told to come again, in milliseconds. */
  readonly ackMs: number;
}

/** What became of a request's events, all of them durable, unless the request only had them judged. */
export interface Taken {
  readonly decoded: Decoded;
  readonly outcomes: readonly Outcome[];
  readonly accepted: number;
}

/**
 * Takes the events of one request over: admits it, reads and decodes it, checks its key, judges each event, and resolves
 * once every one is on a topic, accepted or failed.
 * @param trace of the request; what is published goes on with it
 * @throws Refusal where the request is not taken; TransientError, or an error of lateness, where Pub/Sub is at fault.
 */
export type TakeEvents = (
  protocol: Protocol,
  request: CollectorRequest,
  receivedAt: number,
  trace: TraceContext,
) => Promise<Taken>;

export function makeTakeEvents(options: TakeEventsOptions): TakeEvents {
  const { identity, findSource, cors, admission, eventLog, client, maxBodyBytes, maxEvents, ackMs } = options;
  const deadlines = makeDeadlines(ackMs);

  /** Resolves once durable, or rejects when that takes too long; `leave` is called when the memory is free. */
  const append = (entry: Entry, leave: () => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const inTime = deadlines.watch(() =>
        reject(new Error(`Pub/Sub did not acknowledge within ${ackMs} ms`)),
      );
      const settled = (): void => {
        inTime();
        leave();
      };
      eventLog.append(entry).then(
        () => {
          settled();
          resolve();
        },
        (error: unknown) => {
          settled();
          reject(error);
        },
      );
    });

  const admitted = (key: string | undefined, { headers }: CollectorRequest): Source => {
    const source = key === undefined ? undefined : findSource(key);
    if (!source) throw unauthorized();
    if (cors.allows(headers, source)) return source;
    throw new Refusal(403, `pages of ${headers.origin} may not send with this write key; allow the origin`);
  };

  const decode = async (
    protocol: Protocol,
    request: CollectorRequest,
    resize: (bytes: number) => void,
  ): Promise<{ readonly decoded: Decoded; readonly source: Source; readonly bytes: number }> => {
    // A key in a header is judged before the body is read.
    const headerKey = writeKeyOf(request.headers);
    const known = headerKey === undefined ? undefined : admitted(headerKey, request);
    const body = await request.readBody(maxBodyBytes, resize);
    resize(body.length);
    const { method, path, query, headers } = request;
    const decoded = protocol.decode({
      method,
      path,
      query,
      headers,
      body,
      maxEvents,
      maxBytes: maxBodyBytes,
    });
    const source = known ?? admitted(decoded.writeKey, request);
    return { decoded, source, bytes: body.length };
  };

  return async (protocol, request, receivedAt, trace) => {
    const ticket = admission.enter(Math.min(request.declaredBytes ?? 0, maxBodyBytes));
    let appended = false;
    try {
      const { decoded, source, bytes } = await decode(protocol, request, ticket.resize);
      const collector = collectorOf(protocol, request, decoded, receivedAt, client);
      const { events, userAgents, faults } = decoded;
      const verdicts = judgeEvents(events, {
        scope: source.name,
        collector,
        userAgents,
        faults,
        totalBytes: bytes,
      });
      const outcomes = verdicts.map(outcomeOf);
      if (decoded.validateOnly) return { decoded, outcomes, accepted: 0 };
      const { accepted, failed } = sorted(verdicts, identity, receivedAt);
      const entry = encodeEntry(accepted, failed, trace);
      // From here on it is the encoded events that are held, which may be many times the body.
      ticket.resize(entry.bytes);
      appended = true;
      await append(entry, ticket.leave);
      return { decoded, outcomes, accepted: accepted.length };
    } finally {
      // A publish that outlasts the answer still holds the memory.
      if (!appended) ticket.leave();
    }
  };
}

function unauthorized(): Refusal {
  return new Refusal(
    401,
    'no valid write key; send it as X-Write-Key, as Authorization: Bearer KEY or Basic base64(KEY:), or as "writeKey" in the body',
  );
}

function collectorOf(
  protocol: Protocol,
  request: CollectorRequest,
  decoded: Decoded,
  receivedAt: number,
  client: CollectorFieldsOptions,
): Collector {
  const sentAt = decoded.sentAt === undefined ? undefined : instant(Date.parse(decoded.sentAt));
  const fields = clientFields(request.headers, request.remoteAddress, client);
  const { ip: _, ...others } = fields;
  return {
    received_at: isoTime(receivedAt),
    ...(typeof sentAt === 'string' ? { sent_at: sentAt } : {}),
    protocol: protocol.name,
    origin: 'live',
    ...(decoded.withoutAddress ? others : fields),
  };
}

function sorted(
  verdicts: readonly Verdict[],
  identity: FunctionIdentity,
  receivedAt: number,
): { readonly accepted: readonly RawEvent[]; readonly failed: readonly FailedEvent[] } {
  const accepted: RawEvent[] = [];
  const failed: FailedEvent[] = [];
  for (const verdict of verdicts) {
    if (verdict.status === 'accepted') accepted.push(verdict.event);
    else {
      const { eventId, reason, path, message, payload } = verdict;
      const received = isoTime(receivedAt);
      const failure = {
        eventId,
        reason,
        path,
        message,
        payload,
        replayTopic: TOPICS.inbox,
        receivedAt: received,
      };
      failed.push(makeFailedEvent(identity, failure, receivedAt));
    }
  }
  return { accepted, failed };
}

function outcomeOf(verdict: Verdict): Outcome {
  return verdict.status === 'accepted'
    ? { status: 'accepted', event_id: verdict.event.event_id }
    : { status: 'rejected', path: verdict.path, message: verdict.message };
}
