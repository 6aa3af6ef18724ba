import { randomBytes } from 'node:crypto';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { FirestoreError } from '../firestore-error.ts';
import { databaseOfRequest } from '../methods/database.ts';
import { type Message, PROTO_FORM } from '../wire/form.ts';
import { readWrites, writeCommitResult } from '../wire/writes.ts';
import type { GrpcOptions } from './server.ts';
import { statusOf } from './status.ts';

/** Firestore.Write: a handshake, then commits, one after the other. */
export function makeWriteHandler({ backend, authorize, faults }: GrpcOptions) {
  return (call: ServerDuplexStream<Message, Message>): void => {
    const streamId = randomBytes(8).toString('hex');
    let database: string | undefined;
    let answered: Promise<void> = Promise.resolve();

    async function answer(request: Message): Promise<Message> {
      const streamToken = randomBytes(8);
      if (database === undefined) {
        database = databaseOfRequest(request);
        return { streamId, streamToken };
      }
      if (await faults.strike('Write')) throw new FirestoreError('UNAVAILABLE', 'A fault was injected.');
      const [authorization] = call.metadata.get('authorization');
      const access = await authorize(authorization?.toString(), database);
      const result = await backend.commit(database, readWrites(request.writes), { access });
      return { streamToken, ...writeCommitResult(result, PROTO_FORM) };
    }

    call.on('data', (request: Message) => {
      answered = answered
        .then(async () => void call.write(await answer(request)))
        .catch((error: unknown) => void call.emit('error', statusOf(error)));
    });
    call.on('end', () => {
      answered.finally(() => call.end());
    });
  };
}
