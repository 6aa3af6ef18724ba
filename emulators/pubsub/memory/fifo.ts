/** A queue in which taking costs the same however long it is. */
export interface Fifo<T> {
  readonly length: number;
  push(item: T): void;
  shift(): T | undefined;
  /** Takes the item at a distance from the head; the head takes its place. */
  takeAt(distance: number): T | undefined;
  clear(): void;
}

const COMPACT_AT = 1024;

export function makeFifo<T>(): Fifo<T> {
  let items: (T | undefined)[] = [];
  let head = 0;
  const shift = (): T | undefined => {
    if (head === items.length) return undefined;
    const item = items[head];
    items[head] = undefined;
    head += 1;
    if (head > COMPACT_AT && head * 2 > items.length) {
      items = items.slice(head);
      head = 0;
    }
    return item;
  };
  return {
    get length() {
      return items.length - head;
    },
    push: (item) => void items.push(item),
    shift,
    takeAt(distance) {
      const at = head + distance;
      if (at >= items.length) return undefined;
      const item = items[at];
      items[at] = items[head];
      items[head] = item;
      return shift();
    },
    clear() {
      items = [];
      head = 0;
    },
  };
}
