import { JSON_FORM } from '../../wire/form.ts';
import { readListenRequest, writeListenEvent } from '../../wire/listen.ts';
import type { Converse } from './streams.ts';

/** Firestore.Listen: targets come in, what happens to their documents goes out. */
export const makeListenStream: Converse = ({ backend, access }, outlet) => {
  const stream = backend.listen((events) => {
    for (const event of events) outlet.send(writeListenEvent(event, JSON_FORM));
  }, access);
  return {
    take(message) {
      const action = readListenRequest(message);
      if (action.kind === 'add') stream.add(action.target);
      else stream.remove(action.targetId);
    },
    close: stream.close,
  };
};
