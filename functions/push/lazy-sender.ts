import { loadOnce } from '../../shared/load-once.ts';
import type { MessageSender } from './send-messages.ts';

/** A sender that is loaded when the first messages are to be sent; where that fails, the next messages try it again. */
export function makeLazySender(load: () => Promise<MessageSender>): MessageSender {
  const sender = loadOnce(load);
  return { send: async (messages) => (await sender()).send(messages) };
}
