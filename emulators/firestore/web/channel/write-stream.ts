import { randomBytes } from 'node:crypto';
import { JSON_FORM } from '../../wire/form.ts';
import { readWrites, writeCommitResult } from '../../wire/writes.ts';
import type { Converse } from './streams.ts';

/** Bytes that mean nothing to the client but that it sends back. */
const streamToken = (): unknown => JSON_FORM.bytes(randomBytes(8));

/**
 * Milliseconds after the last write: the channel is closed then. A browser opens six connections to an address, of which
 * each open channel holds one: a few pages that wrote once would leave none.
 */
const IDLE_MS = 2_000;

/** Firestore.Write: a handshake, then commits, one after the other. */
export const makeWriteStream: Converse = ({ backend, database, access }, outlet) => {
  let greeted = false;
  let closed = false;
  let idle: NodeJS.Timeout | undefined;
  const rest = (): void => {
    clearTimeout(idle);
    idle = setTimeout(() => {
      closed = true;
      outlet.close();
      outlet.end();
    }, IDLE_MS);
    idle.unref();
  };
  return {
    async take(message) {
      // The client sends it again on its next channel.
      if (closed) return;
      clearTimeout(idle);
      if (greeted) {
        const result = await backend.commit(database, readWrites(message.writes), { access });
        outlet.send({ streamToken: streamToken(), ...writeCommitResult(result, JSON_FORM) });
      } else {
        greeted = true;
        outlet.send({ streamId: '0', streamToken: streamToken() });
      }
      rest();
    },
    close: () => clearTimeout(idle),
  };
};
