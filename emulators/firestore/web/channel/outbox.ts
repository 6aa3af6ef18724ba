/** Messages that a client has not acknowledged, in order, under numbers that rise by one. */
export interface Outbox {
  add(message: unknown): void;
  /** The client has everything up to this number. */
  acknowledge(id: number): void;
  /** Goes back to just after a number: what follows is sent again. */
  rewind(after: number): void;
  /** The next frame of about that many characters at most; undefined where everything is sent. */
  next(most: number): string | undefined;
  /** The last number that was sent. */
  sentId(): number;
  /** Characters that are kept, and of these the ones not yet sent. */
  size(): { readonly kept: number; readonly unsent: number };
}

interface Kept {
  readonly id: number;
  readonly json: string;
}

export function makeOutbox(): Outbox {
  let kept: readonly Kept[] = [];
  let lastId = 0;
  let sentId = 0;
  let waiting: Kept[] = [];
  const lengthOf = (messages: readonly Kept[]): number =>
    messages.reduce((sum, { json }) => sum + json.length, 0);

  return {
    add(message) {
      lastId += 1;
      waiting.push({ id: lastId, json: JSON.stringify([lastId, message]) });
    },
    acknowledge(id) {
      kept = kept.filter((each) => each.id > id);
    },
    rewind(after) {
      waiting = [...kept.filter(({ id }) => id > after), ...waiting];
      kept = kept.filter(({ id }) => id <= after);
      sentId = after;
    },
    next(most) {
      let length = 0;
      let count = 0;
      for (const { json } of waiting) {
        if (count > 0 && length + json.length > most) break;
        length += json.length + 1;
        count += 1;
      }
      const batch = waiting.splice(0, count);
      if (batch.length === 0) return undefined;
      kept = [...kept, ...batch];
      sentId = batch.at(-1)?.id ?? sentId;
      return frameText(`[${batch.map(({ json }) => json).join(',')}]`);
    },
    sentId: () => sentId,
    size: () => ({ kept: lengthOf(kept) + lengthOf(waiting), unsent: lengthOf(waiting) }),
  };
}

/** How WebChannel parts what it sends: the length in UTF-16 code units, which is JavaScript's, and the JSON. */
export function frameText(json: string): string {
  return `${json.length}\n${json}`;
}
