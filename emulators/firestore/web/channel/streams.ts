import type { Faults } from '../../../faults/faults.ts';
import type { Authorize } from '../../authorize.ts';
import type { Access, Backend } from '../../backend.ts';
import { asFirestoreError, FirestoreError, STATUSES } from '../../firestore-error.ts';
import { databaseOfRequest } from '../../methods/database.ts';
import type { Message } from '../../wire/form.ts';
import { messageOf } from '../../wire/plain.ts';
import { parseJson } from '../http.ts';
import type { MessageStream, Outlet } from './session.ts';

export interface StreamOptions {
  readonly backend: Backend;
  readonly authorize: Authorize;
  readonly faults: Faults;
}

/** What a stream does with one message after another. */
export interface Conversation {
  /** @throws FirestoreError, which ends the stream */
  take(message: Message): Promise<void> | void;
  close(): void;
}

/** Begins a conversation in a database; it may send at any time. */
export type Converse = (
  options: { readonly backend: Backend; readonly database: string; readonly access: Access | undefined },
  outlet: Outlet,
) => Conversation;

/**
 * A two-way method of google.firestore.v1.Firestore over a WebChannel: its first message tells the database. An error is
 * told to the client and ends the stream.
 * @param name the method, as faults name it
 */
export function makeStream(
  name: string,
  converse: Converse,
  { backend, authorize, faults }: StreamOptions,
  authorization: string | undefined,
  outlet: Outlet,
): MessageStream {
  let conversation: Conversation | undefined;
  let over = false;
  let done: Promise<void> = Promise.resolve();

  async function answer(text: string): Promise<void> {
    if (over) return;
    if (await faults.strike(name)) throw new FirestoreError('UNAVAILABLE', 'A fault was injected.');
    const message = messageOf(parseJson(text), 'request');
    if (!conversation) {
      const database = databaseOfRequest(message);
      conversation = converse(
        { backend, database, access: await authorize(authorization, database) },
        outlet,
      );
    }
    if (over) conversation.close();
    else await conversation.take(message);
  }

  function fail(error: unknown): void {
    if (over) return;
    const { status, message } = asFirestoreError(error);
    outlet.send({ error: { code: STATUSES[status].http, message, status } });
    outlet.end();
    close();
  }

  function close(): void {
    over = true;
    conversation?.close();
  }

  return {
    take: (text) => {
      done = done.then(() => answer(text)).catch(fail);
    },
    close,
  };
}
