import QuickLRU from 'quick-lru';
import { TransientError } from '../../../shared/errors.ts';
import { IMPRESSIONS } from '../../../shared/event-names.ts';
import type { Customer, EnrichedEvent } from '../../../shared/events.ts';
import { customerOf } from './customer.ts';
import { linksOf, oldestFirst, ownerOf, type Placement, type Plan, planProfiles } from './plan.ts';
import { isSameProfile, NOBODY, type Profile } from './profile.ts';
import type { ProfileChange, Profiles, StoredProfile } from './profiles.ts';

/** An event that enters its person's history. */
export interface HistoryEntry {
  readonly event: EnrichedEvent;
  /** Whether the client named the session; ours is then not needed. */
  readonly hasOwnSession: boolean;
}

/** Where an event belongs, and the customer after it, on the newest event of each person in the group. */
export interface PlacedEvent extends Placement {
  readonly customer?: Customer;
}

export interface HistoriesOptions {
  readonly profiles: Profiles;
  /** Rounds of reading and writing before the rest is left to redelivery. */
  readonly maxAttempts?: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
}

/** Devices whose person is remembered, so that both profiles are read at once; the stored link stays the truth. */
const REMEMBERED_LINKS = 20_000;
const BASE_DELAY_MS = 20;
const MAX_DELAY_MS = 1000;

/**
 * Enters groups of events into the profiles of their persons: one read and at most one write per profile. A write that
 * finds its profile changed by another instance is planned anew from what is stored, with the other events of that profile;
 * joins commute, so nobody's events are lost. Resolves with one placement per entry, once every profile is durable.
 * @throws TransientError when profiles cannot be read or written, or conflicts do not end.
 */
export function makeHistories({ profiles, maxAttempts = 10, sleep, random }: HistoriesOptions) {
  const remembered = new QuickLRU<string, string>({ maxSize: REMEMBERED_LINKS });

  const readFor = async (events: readonly EnrichedEvent[]): Promise<ReadonlyMap<string, StoredProfile>> => {
    const keys = new Set<string>();
    for (const { visitor_id, user_id, anonymous_id } of events) {
      keys.add(user_id ?? visitor_id);
      if (anonymous_id === undefined) continue;
      keys.add(anonymous_id);
      const person = remembered.get(anonymous_id);
      if (person !== undefined) keys.add(person);
    }
    const stored = new Map(await profiles.read([...keys]));
    const links = linksOf(events, stored);
    for (const [device, { user_key }] of links) remembered.set(device, user_key);
    const owners = new Set([...links.values()].map((link) => link.user_key));
    const missing = [...owners].filter((owner) => !keys.has(owner));
    if (missing.length > 0) {
      for (const [key, profile] of await profiles.read(missing)) stored.set(key, profile);
    }
    return stored;
  };

  /** Persons first: a device is emptied only once its person has what it held. */
  const write = async (
    plan: Plan,
    stored: ReadonlyMap<string, StoredProfile>,
  ): Promise<ReadonlySet<string>> => {
    const conflicts = await profiles.write(changesOf(plan.owners, stored));
    const ready = [...plan.linked].filter(([, { link }]) => link && !conflicts.has(link.user_key));
    if (ready.length === 0) return conflicts;
    const deviceConflicts = await profiles.write(changesOf(new Map(ready), stored));
    return new Set([...conflicts, ...deviceConflicts]);
  };

  return async (entries: readonly HistoryEntry[]): Promise<readonly PlacedEvent[]> => {
    const ownSessions = new Set(
      entries.flatMap(({ event, hasOwnSession }) => (hasOwnSession ? [event.event_id] : [])),
    );
    const placed = new Map<string, Placement>();
    const owners = new Map<string, Profile>();
    let open = entries.map(({ event }) => event);
    for (let attempt = 1; open.length > 0; attempt += 1) {
      const stored = await readFor(open);
      const plan = planProfiles(open, stored, ownSessions);
      const conflicts = await write(plan, stored);
      for (const [key, profile] of plan.owners) owners.set(key, profile);
      for (const [id, placement] of plan.placements) placed.set(id, placement);
      if (conflicts.size === 0) break;
      if (attempt === maxAttempts) {
        throw new TransientError(
          `${conflicts.size} profiles were still being written by others after ${attempt} attempts`,
        );
      }
      const links = linksOf(open, stored);
      open = open.filter(
        (event) =>
          conflicts.has(ownerOf(event, links)) ||
          (event.anonymous_id !== undefined && conflicts.has(event.anonymous_id)),
      );
      await sleep(random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempt));
    }
    return withCustomers(entries, placed, owners);
  };
}

function changesOf(
  planned: ReadonlyMap<string, Profile>,
  stored: ReadonlyMap<string, StoredProfile>,
): readonly ProfileChange[] {
  return [...planned].flatMap(([key, profile]) => {
    const before = stored.get(key);
    if (isSameProfile(before?.profile ?? NOBODY, profile)) return [];
    return [{ key, profile, version: before?.version }];
  });
}

function withCustomers(
  entries: readonly HistoryEntry[],
  placed: ReadonlyMap<string, Placement>,
  owners: ReadonlyMap<string, Profile>,
): readonly PlacedEvent[] {
  const newest = new Map<string, EnrichedEvent>();
  for (const { event } of entries) {
    const owner = placed.get(event.event_id)?.user_key ?? event.user_key;
    const known = newest.get(owner);
    if (!known || isNewerAct(event, known)) newest.set(owner, event);
  }
  return entries.map(({ event }) => {
    const placement = placed.get(event.event_id) ?? {
      user_key: event.user_key,
      session_id: event.session_id,
    };
    const profile = owners.get(placement.user_key);
    return profile && newest.get(placement.user_key) === event
      ? { ...placement, customer: customerOf(profile) }
      : placement;
  });
}

/** By time; but what was only shown to the shopper comes after anything done, since recommendations follow from what is done. */
function isNewerAct(event: EnrichedEvent, known: EnrichedEvent): boolean {
  const wasShown = IMPRESSIONS.has(event.event_name);
  return wasShown === IMPRESSIONS.has(known.event_name) ? oldestFirst(known, event) <= 0 : !wasShown;
}
