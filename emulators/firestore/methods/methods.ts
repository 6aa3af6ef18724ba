import type { Access, Backend } from '../backend.ts';
import type { Form, Message } from '../wire/form.ts';
import { documentMethods } from './documents.ts';
import { queryMethods } from './queries.ts';
import { writeMethods } from './writes.ts';

/** A request and what its caller may do; undefined access: everything. */
export type Unary = (request: Message, access: Access | undefined) => Promise<Message>;
/** Answers the messages of the stream in order. */
export type Streaming = (request: Message, access: Access | undefined) => Promise<readonly Message[]>;

/** What methods need. */
export interface MethodContext {
  readonly backend: Backend;
  readonly form: Form;
  readonly newId: () => string;
}

/**
 * The methods of google.firestore.v1.Firestore but the two-way streams, by their names; requests and answers are plain
 * messages in one form. https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1
 */
export interface Methods {
  readonly unary: Readonly<Record<string, Unary>>;
  readonly streaming: Readonly<Record<string, Streaming>>;
}

export function makeMethods(context: MethodContext): Methods {
  const queries = queryMethods(context);
  return {
    unary: { ...documentMethods(context), ...writeMethods(context), ...queries.unary },
    streaming: queries.streaming,
  };
}
