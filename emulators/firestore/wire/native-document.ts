import type { Document } from '../backend.ts';

/** A document that goes to protobuf's bytes without a message in between; it stands where a message stood. */
export class NativeDocument {
  readonly [field: string]: unknown;
  readonly document: Document;

  constructor(document: Document) {
    this.document = document;
  }
}
