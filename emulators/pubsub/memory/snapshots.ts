import type { Snapshot } from '../backend.ts';
import type { Message } from '../message.ts';
import { idOf } from '../names.ts';
import { CODE, PubSubError } from '../pubsub-error.ts';
import type { Budget } from './budget.ts';

/** A snapshot with the messages it keeps. */
export interface KeptSnapshot {
  snapshot: Snapshot;
  /** Whether the subscription it was made of keeps the order of keys. */
  readonly ordered: boolean;
  readonly messages: Message[];
}

/** The snapshots of every topic. */
export interface Snapshots {
  add(kept: KeptSnapshot): void;
  get(name: string): KeptSnapshot;
  has(name: string): boolean;
  list(): readonly KeptSnapshot[];
  /** Every snapshot of the topic keeps a new message too. */
  published(topic: string, message: Message): void;
  remove(name: string): void;
  /** Removes those whose time is over. */
  sweep(now: number): void;
  clear(): void;
}

/** @param onGone told of each that goes */
export function makeSnapshots(budget: Budget, onGone: (name: string) => void): Snapshots {
  const kept = new Map<string, KeptSnapshot>();
  const get = (name: string): KeptSnapshot => {
    const found = kept.get(name);
    if (!found) throw new PubSubError(CODE.NOT_FOUND, `Snapshot does not exist (resource=${idOf(name)}).`);
    return found;
  };
  const remove = (name: string): void => {
    for (const message of get(name).messages) budget.release(message);
    kept.delete(name);
    onGone(name);
  };
  return {
    get,
    remove,
    has: (name) => kept.has(name),
    list: () => [...kept.values()].sort((a, b) => (a.snapshot.name < b.snapshot.name ? -1 : 1)),
    add(snapshot) {
      for (const message of snapshot.messages) budget.hold(message);
      kept.set(snapshot.snapshot.name, snapshot);
    },
    published(topic, message) {
      for (const { snapshot, messages } of kept.values()) {
        if (snapshot.topic !== topic) continue;
        budget.hold(message);
        messages.push(message);
      }
    },
    sweep(now) {
      for (const { snapshot } of [...kept.values()]) if (snapshot.expireTime <= now) remove(snapshot.name);
    },
    clear() {
      for (const name of [...kept.keys()]) remove(name);
    },
  };
}
