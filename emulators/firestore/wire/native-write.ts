import type { Write } from '../writes.ts';

/** A google.firestore.v1.Write that was read from protobuf's bytes without a message in between. */
export class NativeWrite {
  readonly write: Write;

  constructor(write: Write) {
    this.write = write;
  }
}
