import { FirestoreError } from './firestore-error.ts';
import type { FieldPath } from './query.ts';

/** The path of a document's own name in queries. */
export const NAME_PATH: FieldPath = ['__name__'];

export function isNamePath(path: FieldPath): boolean {
  return path.length === 1 && path[0] === '__name__';
}

const SEGMENT = /`((?:\\.|[^`\\])+)`|([^.`]+)/y;
const PLAIN_SEGMENT = /^[a-zA-Z_][a-zA-Z_0-9]*$/;

/**
 * A field path as it is written: segments parted by dots, any of them quoted by backticks.
 * https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#fieldreference
 * @throws FirestoreError INVALID_ARGUMENT
 */
export function parseFieldPath(text: string): FieldPath {
  if (PLAIN_SEGMENT.test(text)) return [text];
  const segments: string[] = [];
  let at = 0;
  while (at <= text.length) {
    SEGMENT.lastIndex = at;
    const match = SEGMENT.exec(text);
    if (!match) break;
    segments.push(match[2] ?? (match[1] ?? '').replace(/\\(.)/gs, '$1'));
    at = SEGMENT.lastIndex;
    if (at === text.length) return segments;
    if (text[at] !== '.') break;
    at += 1;
  }
  throw new FirestoreError('INVALID_ARGUMENT', `Invalid property path "${text}".`);
}

/** The inverse of {@link parseFieldPath}. */
export function formatFieldPath(path: FieldPath): string {
  return path
    .map((segment) =>
      PLAIN_SEGMENT.test(segment) ? segment : `\`${segment.replace(/[\\`]/g, (c) => `\\${c}`)}\``,
    )
    .join('.');
}
