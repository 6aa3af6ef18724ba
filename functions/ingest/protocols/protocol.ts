import type { IncomingHttpHeaders } from 'node:http';
import type { CollectorResponse, Refusal } from '../http.ts';

export interface ProtocolRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Inflated; empty for a request without one. */
  readonly body: Buffer;
}

/** A request in the collector's own terms. */
export interface Decoded {
  /** In the form of `NativeEvent`, not yet validated: ids and times that the client did not send are absent. */
  readonly events: readonly unknown[];
  /** A write key that the body or the query carries. */
  readonly writeKey?: string | undefined;
  /** The client's clock when it sent the request, RFC 3339. */
  readonly sentAt?: string | undefined;
}

/** What became of one event. */
export type Outcome =
  | { readonly status: 'accepted'; readonly event_id: string }
  | { readonly status: 'rejected'; readonly path: string; readonly message: string };

/** One tracker's way of speaking. A protocol is one file in this folder and one line in `protocols.ts`. */
export interface Protocol {
  /** Goes to `collector.protocol`. */
  readonly name: string;
  /** `POST /v1/events` and the like. */
  readonly routes: readonly string[];
  /** @throws Refusal where the request as a whole is not of the protocol. */
  decode(request: ProtocolRequest): Decoded;
  /** The answer once every event is durable; one outcome per event, in order. */
  answer(outcomes: readonly Outcome[]): CollectorResponse;
  /** The answer that makes the protocol's clients do what the refusal means: mend, give up or try again. */
  refuse(refusal: Refusal): CollectorResponse;
}
