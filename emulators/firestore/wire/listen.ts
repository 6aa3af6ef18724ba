import type { ListenEvent, Target } from '../listen.ts';
import type { Form, Message } from './form.ts';
import { bytesOf, integerOf, listOf, messageOf, textOf, timestampOf } from './plain.ts';
import { readQuery } from './queries.ts';
import { writeDocument } from './values.ts';

/** What a google.firestore.v1.ListenRequest asks for. */
export type ListenAction =
  | { readonly kind: 'add'; readonly target: Target }
  | { readonly kind: 'remove'; readonly targetId: number };

/** @throws FirestoreError INVALID_ARGUMENT */
export function readListenRequest(message: unknown): ListenAction {
  const wire = messageOf(message, 'listen_request');
  if (wire.removeTarget !== undefined) {
    return { kind: 'remove', targetId: Number(integerOf(wire.removeTarget, 'remove_target')) };
  }
  return { kind: 'add', target: readTarget(messageOf(wire.addTarget, 'add_target')) };
}

function readTarget(wire: Message): Target {
  const expected = integerOf(wire.expectedCount, 'expected_count');
  const common = {
    id: Number(integerOf(wire.targetId, 'target_id') ?? 0n),
    resume: readResume(wire),
    once: wire.once === true,
    expectedCount: expected === undefined ? undefined : Number(expected),
  };
  if (wire.documents !== undefined) {
    const { documents } = messageOf(wire.documents, 'documents');
    const names = listOf(documents, 'documents').map((name) => textOf(name, 'documents'));
    return { ...common, kind: 'documents', names };
  }
  const { parent, structuredQuery } = messageOf(wire.query, 'query');
  return { ...common, kind: 'query', query: readQuery(parent, structuredQuery) };
}

function readResume(wire: Message): Target['resume'] {
  if (wire.resumeToken !== undefined) {
    const token = bytesOf(wire.resumeToken, 'resume_token');
    return token.length === 0 ? undefined : { token };
  }
  return wire.readTime === undefined ? undefined : { readTime: timestampOf(wire.readTime, 'read_time') };
}

/** A google.firestore.v1.ListenResponse. */
export function writeListenEvent(event: ListenEvent, form: Form): Message {
  switch (event.kind) {
    case 'target':
      return {
        targetChange: {
          ...(event.change === 'NO_CHANGE' ? {} : { targetChangeType: event.change }),
          ...(event.targetIds.length === 0 ? {} : { targetIds: event.targetIds }),
          ...(event.cause ? { cause: { code: event.cause.code, message: event.cause.message } } : {}),
          ...(event.resumeToken ? { resumeToken: form.bytes(event.resumeToken) } : {}),
          ...(event.readTime === undefined ? {} : { readTime: form.timestamp(event.readTime) }),
        },
      };
    case 'change':
      return {
        documentChange: {
          document: writeDocument(event.document, form),
          ...(event.targetIds.length === 0 ? {} : { targetIds: event.targetIds }),
          ...(event.removedTargetIds.length === 0 ? {} : { removedTargetIds: event.removedTargetIds }),
        },
      };
    case 'delete':
      return {
        documentDelete: {
          document: event.name,
          readTime: form.timestamp(event.readTime),
          removedTargetIds: event.removedTargetIds,
        },
      };
    case 'filter':
      return { filter: { targetId: event.targetId, count: event.count } };
  }
}
