import type { MessageSender } from './send-messages.ts';

/** A sender that is loaded when the first messages are to be sent; where that fails, the next messages try it again. */
export function makeLazySender(load: () => Promise<MessageSender>): MessageSender {
  let loading: Promise<MessageSender> | undefined;
  return {
    async send(messages) {
      loading ??= load().catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return (await loading).send(messages);
    },
  };
}
