import type { DeviceMessage, Message } from './message.ts';

/** A message that waits for its device. Times are RFC 3339. */
export interface StoredMessage {
  readonly name: string;
  readonly received_at: string;
  readonly expires_at: string;
  readonly collapse_key?: string;
  readonly message: Message;
}

/** What a device would get when it connects, and how it came to that. */
export interface Inbox {
  readonly token: string;
  /** Oldest first. */
  readonly messages: readonly StoredMessage[];
  /** Messages taken for this device, ever. */
  readonly accepted: number;
  /** Of these, replaced by a newer one with the same collapse key. */
  readonly collapsed: number;
  /** Of these, dropped since too many waited. */
  readonly dropped: number;
}

/** The devices' inboxes, in memory. */
export interface Inboxes {
  add(message: DeviceMessage, name: string): void;
  inbox(token: string): Inbox;
  /** What the device takes on connecting; its inbox is empty after. */
  take(token: string): Inbox;
  tokens(): readonly string[];
  clear(): void;
}

/** FCM's limits: https://firebase.google.com/docs/cloud-messaging/customize-messages/collapsible-message-types */
const MAX_WAITING = 100;
const MAX_COLLAPSE_KEYS = 4;

interface Box {
  messages: StoredMessage[];
  accepted: number;
  collapsed: number;
  dropped: number;
}

export function makeInboxes(clock: () => number): Inboxes {
  const boxes = new Map<string, Box>();
  const boxOf = (token: string): Box => {
    const box = boxes.get(token) ?? { messages: [], accepted: 0, collapsed: 0, dropped: 0 };
    const now = clock();
    box.messages = box.messages.filter(({ expires_at }) => Date.parse(expires_at) > now);
    return box;
  };
  const inboxOf = (token: string, { messages, accepted, collapsed, dropped }: Box): Inbox => ({
    token,
    messages,
    accepted,
    collapsed,
    dropped,
  });
  return {
    add({ token, message, collapseKey, ttlMs }, name) {
      const box = boxOf(token);
      boxes.set(token, box);
      box.accepted += 1;
      const now = clock();
      const stored: StoredMessage = {
        name,
        received_at: new Date(now).toISOString(),
        expires_at: new Date(now + ttlMs).toISOString(),
        ...(collapseKey === undefined ? {} : { collapse_key: collapseKey }),
        message,
      };
      if (collapseKey === undefined) keepPlain(box, stored);
      else keepCollapsible(box, stored);
    },
    inbox: (token) => inboxOf(token, boxOf(token)),
    take(token) {
      const box = boxOf(token);
      const inbox = inboxOf(token, box);
      box.messages = [];
      return inbox;
    },
    tokens: () => [...boxes.keys()],
    clear: () => boxes.clear(),
  };
}

/** Beyond the limit FCM drops all that wait, and tells the app to synchronise. */
function keepPlain(box: Box, stored: StoredMessage): void {
  const plain = box.messages.filter(({ collapse_key }) => collapse_key === undefined);
  if (plain.length < MAX_WAITING) {
    box.messages.push(stored);
    return;
  }
  box.dropped += plain.length;
  box.messages = [...box.messages.filter(({ collapse_key }) => collapse_key !== undefined), stored];
}

function keepCollapsible(box: Box, stored: StoredMessage): void {
  const others = box.messages.filter(({ collapse_key }) => collapse_key !== stored.collapse_key);
  box.collapsed += box.messages.length - others.length;
  box.messages = [...others, stored];
  const collapsible = box.messages.filter(({ collapse_key }) => collapse_key !== undefined);
  if (collapsible.length <= MAX_COLLAPSE_KEYS) return;
  box.dropped += 1;
  box.messages = box.messages.filter((each) => each !== collapsible[0]);
}
