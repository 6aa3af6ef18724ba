import type { IncomingHttpHeaders } from 'node:http';
import { type Fields, jsonDepth } from '../../../shared/json.ts';
import { type CollectorResponse, Refusal, type ResponseHeaders } from '../http.ts';

/** A request but for its body. */
export interface ProtocolRequestHead {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

export interface ProtocolRequest extends ProtocolRequestHead {
  /** Inflated; empty for a request without one. */
  readonly body: Buffer;
  /** Events that a request may have. */
  readonly maxEvents: number;
  /** Bytes that it may have, inflated. */
  readonly maxBytes: number;
}

/** The list of a request's events, once it is known to be of a length that may be gone through. @throws Refusal 413 */
export function atMost<T>(events: readonly T[], { maxEvents }: ProtocolRequest): readonly T[] {
  if (events.length > maxEvents) {
    throw new Refusal(413, `the request has ${events.length} events; ${maxEvents} are allowed: split it`);
  }
  return events;
}

/** Levels that what events share may have: all that follows walks it by recursion, `JSON.stringify` first. */
const SHARED_DEPTH = 64;

/**
 * What the events of a request share counts for each of them, as though it were written out; else a small request could
 * stand for any amount of work and memory.
 * @param shared JSON
 * @throws Refusal 413, and 400 where it nests too deep to be written at all
 */
export function sharedWithin(
  shared: Fields,
  events: readonly unknown[],
  request: Pick<ProtocolRequest, 'maxBytes'>,
): void {
  if (jsonDepth(shared, SHARED_DEPTH) > SHARED_DEPTH) {
    throw new Refusal(400, `what the events share nests deeper than ${SHARED_DEPTH} levels; send it flatter`);
  }
  sharedBytesWithin(Buffer.byteLength(JSON.stringify(shared)), events, request);
}

/** As `sharedWithin`, of what is no JSON. @param bytes of what the events share @throws Refusal 413 */
export function sharedBytesWithin(
  bytes: number,
  events: readonly unknown[],
  { maxBytes }: Pick<ProtocolRequest, 'maxBytes'>,
): void {
  if (bytes * events.length <= maxBytes) return;
  throw new Refusal(
    413,
    `${events.length} events share ${bytes} bytes each; ${maxBytes} are allowed in all: split the request`,
  );
}

/** A request in the collector's own terms. */
export interface Decoded {
  /** In the form of `NativeEvent`, not yet validated: ids and times that the client did not send are absent. */
  readonly events: readonly unknown[];
  /** Events that cannot be read, by their place in `events`, which holds them as received. */
  readonly faults?: ReadonlyMap<number, Fault>;
  /** A write key that the body or the query carries. */
  readonly writeKey?: string | undefined;
  /** The client's clock when it sent the request, RFC 3339. */
  readonly sentAt?: string | undefined;
  /** For each event, the visitor's user agent where a server speaks for the visitor. */
  readonly userAgents?: readonly (string | undefined)[];
  /** True where the client asks that its network address is not taken. */
  readonly withoutAddress?: boolean;
  /** True where the events are only to be judged, and go nowhere. */
  readonly validateOnly?: boolean;
  /** Headers of the answer, should the events be taken. */
  readonly answerHeaders?: ResponseHeaders;
}

/** Why an event cannot be read, for its sender: the path of the field at fault, and what is wrong with it. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** What became of one event. */
export type Outcome =
  | { readonly status: 'accepted'; readonly event_id: string }
  | { readonly status: 'rejected'; readonly path: string; readonly message: string };

/** Where a shop sends, and with which key. */
export interface Place {
  /** The collector's, without a slash at its end. */
  readonly url: string;
  readonly writeKey: string;
}

/** A request to try, and what a shop changes in its tracker to send to this collector. */
export interface Example {
  readonly title: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Code, to copy. */
  readonly snippet: string;
}

/** One tracker's way of speaking. A protocol is one file in this folder and one line in `protocols.ts`. */
export interface Protocol {
  /** Goes to `collector.protocol`. */
  readonly name: string;
  /** `POST /v1/events` and the like. */
  readonly routes: readonly string[];
  /** @throws Refusal where the request as a whole is not of the protocol. */
  decode(request: ProtocolRequest): Decoded;
  /** The answer once every event is durable; one outcome per event, in order. */
  answer(outcomes: readonly Outcome[], request: ProtocolRequestHead): CollectorResponse;
  /** The answer that makes the protocol's clients do what the refusal means: mend, give up or try again. */
  refuse(refusal: Refusal, request: ProtocolRequestHead): CollectorResponse;
  /** What its clients ask for besides, such as settings; undefined for any other request. */
  document?(request: ProtocolRequestHead): CollectorResponse | undefined;
  example(place: Place): Example;
}
