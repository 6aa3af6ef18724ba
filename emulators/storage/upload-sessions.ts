import { randomUUID } from 'node:crypto';
import { checkDigest, type ExpectedChecksums } from './checksums.ts';
import type { ContentRange } from './content-range.ts';
import { makeKeyedLock } from './keyed-lock.ts';
import type { NewObject, ObjectStore, PendingBlob, StoredObject } from './object-store.ts';
import { invalid, StorageError } from './storage-error.ts';

/** How far a resumable upload is. */
export type UploadState =
  | { readonly kind: 'incomplete'; readonly received: number }
  | { readonly kind: 'complete'; readonly object: StoredObject };

/** Resumable uploads under way: https://cloud.google.com/storage/docs/performing-resumable-uploads */
export interface UploadSessions {
  /** Returns the upload's id. */
  start(object: NewObject, expected: ExpectedChecksums): Promise<string>;
  /**
   * Takes a request's bytes. What arrived before a broken connection stays; the client asks how much, and goes on there.
   * @throws StorageError 404 for an unknown id, 400 for bytes that do not follow on, 412 for a failed precondition.
   */
  receive(
    id: string,
    range: ContentRange,
    body: AsyncIterable<Uint8Array>,
    expected: ExpectedChecksums,
  ): Promise<UploadState>;
  cancel(id: string): Promise<void>;
  clear(): Promise<void>;
}

interface Session {
  readonly object: NewObject;
  readonly expected: ExpectedChecksums;
  readonly blob: PendingBlob;
  finished: StoredObject | undefined;
}

/** Chunks but the last are multiples of this many bytes. */
const GRAIN = 256 * 1024;

/** Keeps the newest `maxSessions`; older ones are given up. They do not outlive the process: clients start anew. */
export function makeUploadSessions(store: ObjectStore, maxSessions = 10_000): UploadSessions {
  const sessions = new Map<string, Session>();
  const lock = makeKeyedLock();

  const drop = async (id: string): Promise<void> => {
    const session = sessions.get(id);
    sessions.delete(id);
    await session?.blob.discard();
  };

  const finish = async (id: string, session: Session, expected: ExpectedChecksums): Promise<UploadState> => {
    try {
      const digest = session.blob.digest();
      checkDigest(digest, session.expected);
      checkDigest(digest, expected);
      session.finished = await store.put(session.blob, session.object);
      return { kind: 'complete', object: session.finished };
    } catch (error) {
      await drop(id);
      throw error;
    }
  };

  return {
    async start(object, expected) {
      const id = randomUUID();
      sessions.set(id, { object, expected, blob: await store.newBlob(), finished: undefined });
      const [oldest] = sessions.keys();
      if (sessions.size > maxSessions && oldest !== undefined) await drop(oldest);
      return id;
    },
    receive: (id, range, body, expected) =>
      lock(id, async () => {
        const session = sessions.get(id);
        if (!session) throw new StorageError(404, 'notFound', `No upload has the id ${id}. Start a new one.`);
        if (session.finished) return { kind: 'complete', object: session.finished };
        const { blob } = session;
        if (range.kind === 'bytes') {
          checkFollows(range, blob.size);
          await blob.append(skip(body, blob.size - range.start));
        }
        if (range.total !== undefined && blob.size > range.total) {
          await drop(id);
          throw invalid(
            `${blob.size} bytes arrived, more than the ${range.total} announced. Start a new upload.`,
          );
        }
        const isWhole =
          range.total === undefined
            ? range.kind === 'bytes' && range.end === undefined
            : blob.size === range.total;
        return isWhole ? finish(id, session, expected) : { kind: 'incomplete', received: blob.size };
      }),
    cancel: (id) => lock(id, () => drop(id)),
    async clear() {
      for (const id of [...sessions.keys()]) await drop(id);
    },
  };
}

function checkFollows(range: ContentRange & { readonly kind: 'bytes' }, received: number): void {
  if (range.start > received)
    throw invalid(
      `The chunk starts at ${range.start}, but ${received} bytes have arrived. Go on from there.`,
    );
  if (range.end === undefined) return;
  const isLast = range.total !== undefined && range.end === range.total - 1;
  if (!isLast && (range.end - range.start + 1) % GRAIN !== 0)
    throw invalid(`A chunk that is not the last must be a multiple of ${GRAIN} bytes long.`);
}

/** A stream without its first bytes. */
async function* skip(body: AsyncIterable<Uint8Array>, count: number): AsyncIterable<Uint8Array> {
  let left = count;
  for await (const chunk of body) {
    const cut = Math.min(left, chunk.length);
    left -= cut;
    if (cut < chunk.length) yield chunk.subarray(cut);
  }
}
