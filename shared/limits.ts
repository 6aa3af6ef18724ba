/** Limits every function keeps. Bytes are of UTF-8 JSON. */
export const LIMITS = {
  /** Events in one Pub/Sub message. */
  batchEvents: 500,
  /** Bytes of one Pub/Sub message; Eventarc refuses above 512 KB, base64 and envelope included. */
  batchBytes: 256 * 1024,
  /** Bytes of one event as received. */
  eventBytes: 32 * 1024,
  /** Nesting of `properties`. */
  depth: 8,
  /** Items on one event. */
  items: 100,
  /** Characters of an identifier. */
  idLength: 128,
  /** Characters of a name, title or category. */
  textLength: 512,
  /** Characters of a URL. */
  urlLength: 4096,
  /** Characters of an original payload kept in a row of failed events; what is longer is kept in Cloud Storage. */
  failedPayload: 16 * 1024,
  /** Bytes of an original payload, as it is quoted within a failed event's message. */
  failedPayloadBytes: 240 * 1024,
} as const;

/** How long a function waits for Firestore to answer a read that it can ask again. Milliseconds. */
export const STORE_READ_MS = 5_000;
