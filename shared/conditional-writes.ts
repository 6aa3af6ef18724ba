import {
  type DocumentData,
  type DocumentReference,
  type Firestore,
  Timestamp,
} from '@google-cloud/firestore';
import { messageOf, TransientError } from './errors.ts';

/** One document's new fields, to be written only where it is as it was read. */
export interface ConditionalWrite {
  /** Names the write in the answer. */
  readonly key: string;
  readonly reference: DocumentReference;
  /** Fields; where the document exists, those that are not named stay. */
  readonly fields: DocumentData;
  /** As `encodeVersion` gave it when the document was read; undefined where there was none. */
  readonly version: string | undefined;
}

/** gRPC codes of a precondition that does not hold: NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION. */
const CONFLICTS: ReadonlySet<unknown> = new Set([5, 6, 9]);

/**
 * Writes through a BulkWriter, in parallel, each under its own precondition (the update time read, or that the document is new): no
 * transactions, whose locks serialise hot documents. The BulkWriter retries what is transient.
 * @param what the documents are, for messages
 * @returns keys of documents that changed meanwhile, and were not written
 * @throws TransientError where others could not be written either
 */
export async function writeUnlessChanged(
  firestore: Firestore,
  writes: readonly ConditionalWrite[],
  what: string,
): Promise<ReadonlySet<string>> {
  const conflicts = new Set<string>();
  if (writes.length === 0) return conflicts;
  const failures: unknown[] = [];
  const writer = firestore.bulkWriter({ throttling: false });
  for (const { key, reference, fields, version } of writes) {
    const written =
      version === undefined
        ? writer.create(reference, fields)
        : writer.update(reference, fields, { lastUpdateTime: decodeVersion(version) });
    written.catch((error: unknown) => {
      if (CONFLICTS.has((error as { code?: unknown }).code)) conflicts.add(key);
      else failures.push(error);
    });
  }
  await writer.close();
  if (failures.length > 0) {
    const [first] = failures;
    throw new TransientError(
      `${failures.length} of ${writes.length} ${what} could not be written: ${messageOf(first)}`,
      { cause: first },
    );
  }
  return conflicts;
}

/** A document's update time in full, as `seconds.nanoseconds`; a Date would drop its microseconds. */
export function encodeVersion(time: Timestamp): string {
  return `${time.seconds}.${time.nanoseconds}`;
}

/** The inverse of `encodeVersion`. */
export function decodeVersion(version: string): Timestamp {
  const [seconds = 0, nanoseconds = 0] = version.split('.').map(Number);
  return new Timestamp(seconds, nanoseconds);
}
