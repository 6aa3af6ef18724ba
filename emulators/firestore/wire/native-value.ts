import type { FirestoreError } from '../firestore-error.ts';
import type { Value } from '../values.ts';

/**
 * A google.firestore.v1.Value that was read from protobuf's bytes, or goes there, without a message in between. What is
 * wrong with one that was read is told where it is asked for, since readers of bytes have no other answer than INTERNAL.
 */
export class NativeValue {
  readonly #value: Value | FirestoreError;

  constructor(value: Value | FirestoreError) {
    this.#value = value;
  }

  /** @throws FirestoreError INVALID_ARGUMENT where it is no value */
  get(): Value {
    if (this.#value instanceof Error) throw this.#value;
    return this.#value;
  }
}
