import type { Access, Document, View, WriteAttempt } from '../backend.ts';
import { FirestoreError } from '../firestore-error.ts';
import { databaseOf, parseDocumentName } from '../paths.ts';
import { sameFields } from '../same-values.ts';
import { type Fields, fieldAt, type Micros, withFieldAt } from '../values.ts';
import type { Write, WriteResult } from '../writes.ts';
import type { Change } from './history.ts';
import { checkDocument } from './limits.ts';
import { applyTransforms } from './transforms.ts';

/** What writes would do, not yet done. */
export interface Staged {
  readonly time: Micros;
  readonly results: readonly WriteResult[];
  /** One per document whose stored state changes. */
  readonly changes: readonly Change[];
}

/**
 * Tries writes, one on top of the other.
 * @throws FirestoreError where a name, a precondition or a document does not hold, or the caller may not write
 */
export function stageWrites(
  database: string,
  writes: readonly Write[],
  current: View,
  access?: Access,
): Staged {
  checkSequence(writes);
  const { time } = current;
  const overlay = new Map<string, Document | undefined>();
  const get = (name: string) => (overlay.has(name) ? overlay.get(name) : current.get(name));
  const attempts: Omit<WriteAttempt, 'views'>[] = [];
  let unmet: FirestoreError | undefined;
  const results = writes.map((write): WriteResult => {
    checkName(write.name, database);
    const before = get(write.name);
    unmet ??= unmetPrecondition(write, before);
    if (write.kind === 'verify') {
      access?.get(write.name, before, current);
      return { transformResults: [] };
    }
    if (write.kind === 'delete') {
      overlay.set(write.name, undefined);
      attempts.push({ kind: 'delete', name: write.name, before, after: undefined });
      return { transformResults: [] };
    }
    const { fields, results: transformResults } = applyTransforms(
      masked(before?.fields ?? new Map(), write),
      write.transforms,
      time,
    );
    const after = written(write.name, before, fields, time);
    overlay.set(write.name, after);
    attempts.push({ kind: kindOf(write, before), name: write.name, before, after });
    return { updateTime: after.updateTime, transformResults };
  });
  const views = { before: current, after: { time, get } };
  for (const attempt of attempts) access?.write({ ...attempt, views });
  // Only who may write learns whether the document is there.
  if (unmet) throw unmet;
  const changes = [...overlay]
    .map(([name, after]): Change => ({ name, before: current.get(name), after }))
    .filter(({ before, after }) => before !== after);
  return { time, results, changes };
}

/** A write may not demand what the one before it, of the same document, has just made untrue. */
function checkSequence(writes: readonly Write[]): void {
  const leftExisting = new Map<string, boolean>();
  for (const { kind, name, precondition } of writes) {
    const existing = leftExisting.get(name);
    if (existing !== undefined && precondition?.kind === 'exists' && precondition.exists !== existing) {
      throw new FirestoreError(
        'INVALID_ARGUMENT',
        `A document cannot be ${existing ? 'written and then created' : 'deleted and then updated'} in the same request: ${name}`,
      );
    }
    if (kind !== 'verify') leftExisting.set(name, kind === 'set');
  }
}

function checkName(name: string, database: string): void {
  parseDocumentName(name);
  if (databaseOf(name) === database) return;
  throw new FirestoreError(
    'INVALID_ARGUMENT',
    `The document "${name}" is not in the database "${database}".`,
  );
}

/** What rules are asked about: what the client expects, where it says so. */
function kindOf({ precondition }: Write, stored: Document | undefined): WriteAttempt['kind'] {
  const expected = precondition?.kind === 'exists' ? precondition.exists : stored !== undefined;
  return expected ? 'update' : 'create';
}

function unmetPrecondition(
  { name, precondition }: Write,
  stored: Document | undefined,
): FirestoreError | undefined {
  if (precondition === undefined) return undefined;
  if (precondition.kind === 'updateTime') {
    if (stored?.updateTime === precondition.updateTime) return undefined;
    return new FirestoreError(
      'FAILED_PRECONDITION',
      `the stored version (${stored?.updateTime ?? 0}) does not match the required base version (${precondition.updateTime}): ${name}`,
    );
  }
  if (precondition.exists && !stored) {
    return new FirestoreError('NOT_FOUND', `No document to update: ${name}`);
  }
  if (!precondition.exists && stored) {
    return new FirestoreError('ALREADY_EXISTS', `Document already exists: ${name}`);
  }
  return undefined;
}

/** The fields a write sets, over the stored ones where it has a mask. */
function masked(stored: Fields, { fields, mask }: Write & { kind: 'set' }): Fields {
  if (mask === undefined) return fields;
  return mask.reduce((merged, path) => withFieldAt(merged, path, fieldAt(fields, path)), stored);
}

/** A write that changes nothing leaves the stored document as it is, with its time. */
function written(name: string, before: Document | undefined, fields: Fields, time: Micros): Document {
  if (before && sameFields(before.fields, fields)) return before;
  checkDocument(name, fields);
  return { name, fields, createTime: before?.createTime ?? time, updateTime: time };
}
