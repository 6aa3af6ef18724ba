import { Refusal } from './http.ts';

export interface AdmissionOptions {
  /** Bytes of bodies held at a time, from before they are read until they are durable. */
  readonly maxBytes: number;
  readonly maxRequests: number;
}

/** A request's share of the memory. */
export interface Ticket {
  /** Now known to need this many bytes. @throws Refusal 503 where there is no room for them. */
  resize(bytes: number): void;
  /** Gives the share back; further calls do nothing. */
  leave(): void;
}

export interface Admission {
  /** @throws Refusal 503 with Retry-After where there is no room. */
  enter(bytes: number): Ticket;
  readonly bytes: number;
  readonly requests: number;
}

/** Bounds what is in flight, so that a burst or an outage of Pub/Sub costs answers and never the process. */
export function makeAdmission({ maxBytes, maxRequests }: AdmissionOptions): Admission {
  let bytes = 0;
  let requests = 0;
  const full = (): Refusal =>
    new Refusal(503, 'the collector is busy; send the same events again after Retry-After', {
      retryAfterSeconds: 1,
    });
  return {
    enter(declared) {
      if (requests >= maxRequests || bytes + declared > maxBytes) throw full();
      let held = declared;
      let left = false;
      bytes += held;
      requests += 1;
      return {
        resize(needed) {
          if (needed > held && bytes + needed - held > maxBytes) throw full();
          bytes += needed - held;
          held = needed;
        },
        leave() {
          if (left) return;
          left = true;
          bytes -= held;
          requests -= 1;
        },
      };
    },
    get bytes() {
      return bytes;
    },
    get requests() {
      return requests;
    },
  };
}
