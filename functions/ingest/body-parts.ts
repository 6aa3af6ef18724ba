import { Refusal } from './http.ts';

export interface BodyPartsOptions {
  readonly maxBytes: number;
  /** Bytes that have been given room before the first part comes. */
  readonly room: number;
  /** Told the bytes that are held, whenever they are more than `room`. @throws Refusal where there is no room for them */
  readonly grow: (bytes: number) => void;
}

/** A body as it comes, in parts, of which none is held that has no room. */
export interface BodyParts {
  /** @throws Refusal 413 beyond `maxBytes`, and what `grow` throws. */
  add(part: Buffer): void;
  /** The body; the parts are let go. */
  take(): Buffer;
}

/**
 * Parts that are held one by one. Each takes some 450 bytes beside its own, so that a body in chunks of one byte would take
 * hundreds of times what it counts.
 */
const SINGLE_PARTS = 1_024;

export function makeBodyParts({ maxBytes, room, grow }: BodyPartsOptions): BodyParts {
  let parts: Buffer[] = [];
  let single = 0;
  let bytes = 0;
  return {
    add(part) {
      bytes += part.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      if (bytes > room) grow(bytes);
      parts.push(part);
      single += 1;
      if (single < SINGLE_PARTS) return;
      parts.push(Buffer.concat(parts.splice(-SINGLE_PARTS)));
      single = 0;
    },
    take() {
      const [first] = parts;
      const whole = first && parts.length === 1 ? first : Buffer.concat(parts, bytes);
      parts = [];
      return whole;
    },
  };
}

/** The refusal of a body beyond what is taken. */
export function tooLarge(maxBytes: number): Refusal {
  return new Refusal(413, `the body exceeds ${maxBytes} bytes (inflated); send fewer events at a time`);
}
