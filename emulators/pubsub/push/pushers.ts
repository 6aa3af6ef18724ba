import { isDeepStrictEqual } from 'node:util';
import type { Source, Subscription } from '../backend.ts';
import type { PushTarget } from '../policy.ts';
import { makePusher, type Pusher, type PusherOptions } from './pusher.ts';

/** The pushers of all subscriptions that push, kept in step with their settings. */
export interface Pushers {
  subscriptionChanged(subscription: Subscription, source: Source): void;
  subscriptionGone(name: string): void;
}

export function makePushers(tools: Pick<PusherOptions, 'poster' | 'identity' | 'scheduler'>): Pushers {
  const pushers = new Map<string, { readonly target: PushTarget; readonly pusher: Pusher }>();
  const gone = (name: string): void => {
    pushers.get(name)?.pusher.close();
    pushers.delete(name);
  };
  return {
    subscriptionGone: gone,
    subscriptionChanged({ name, policy, detached }, source) {
      const target = detached ? undefined : policy.push;
      if (isDeepStrictEqual(pushers.get(name)?.target, target)) return;
      gone(name);
      if (target)
        pushers.set(name, { target, pusher: makePusher({ ...tools, subscription: name, source, target }) });
    },
  };
}
