import type { Fields, Value } from '../values.ts';

/**
 * A document's fields that are kept as the bytes they came in, and become values when somebody first asks for one: most
 * documents are written far more often than they are looked into. Nothing else than plain-fields.ts allows is in them,
 * so that they are within Firestore's limits, and may be answered as they are.
 */
export class EncodedFields implements Fields {
  /** The fields of a google.firestore.v1.Document, one entry after the other, tags included. */
  readonly bytes: Buffer;
  readonly #decode: (bytes: Buffer) => Fields;
  #decoded: Fields | undefined;

  /** @param bytes are kept: not a part of something larger that would be kept along */
  constructor(bytes: Buffer, decode: (bytes: Buffer) => Fields) {
    this.bytes = bytes;
    this.#decode = decode;
  }

  get #fields(): Fields {
    this.#decoded ??= this.#decode(this.bytes);
    return this.#decoded;
  }

  get size(): number {
    return this.#fields.size;
  }

  get(key: string): Value | undefined {
    return this.#fields.get(key);
  }

  has(key: string): boolean {
    return this.#fields.has(key);
  }

  forEach(act: (value: Value, key: string, map: Fields) => void): void {
    for (const [key, value] of this.#fields) act(value, key, this);
  }

  entries(): MapIterator<[string, Value]> {
    return this.#fields.entries();
  }

  keys(): MapIterator<string> {
    return this.#fields.keys();
  }

  values(): MapIterator<Value> {
    return this.#fields.values();
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.#fields[Symbol.iterator]();
  }
}
