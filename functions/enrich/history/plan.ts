import type { EnrichedEvent } from '../../../shared/events.ts';
import { parseTime } from '../../../shared/iso-time.ts';
import { historyEventOf } from './history-event.ts';
import { type HistoryEvent, joinEvents, joinProfiles, type Link, NOBODY, type Profile } from './profile.ts';
import type { StoredProfile } from './profiles.ts';
import { placeInSession } from './sessions.ts';

/** Where an event belongs. */
export interface Placement {
  readonly user_key: string;
  readonly session_id: string;
}

/** What a group of events does to profiles. */
export interface Plan {
  /** The person's or device's profile with its events in, by key. */
  readonly owners: ReadonlyMap<string, Profile>;
  /** Devices that now belong to a person, emptied in the person's favour, by anonymous id. */
  readonly linked: ReadonlyMap<string, Profile>;
  /** By event id. */
  readonly placements: ReadonlyMap<string, Placement>;
}

type Stored = ReadonlyMap<string, StoredProfile>;

/** Which devices belong to whom after these events: what is stored, unless a newer event names another person. */
export function linksOf(events: readonly EnrichedEvent[], stored: Stored): ReadonlyMap<string, Link> {
  const links = new Map<string, Link>();
  for (const { anonymous_id, user_id, event_time } of events) {
    if (anonymous_id === undefined) continue;
    const known = links.get(anonymous_id) ?? stored.get(anonymous_id)?.profile.link;
    const named = user_id === undefined ? undefined : { user_key: user_id, at: parseTime(event_time) };
    const link = known && named ? newerLink(known, named) : (named ?? known);
    if (link) links.set(anonymous_id, link);
  }
  return links;
}

function newerLink(known: Link, named: Link): Link {
  if (known.user_key === named.user_key) return known;
  return named.at > known.at || (named.at === known.at && named.user_key > known.user_key) ? named : known;
}

/** Whose profile an event goes to: the user it names, else the user its device belongs to, else the device. */
export function ownerOf(event: EnrichedEvent, links: ReadonlyMap<string, Link>): string {
  if (event.user_id !== undefined) return event.user_id;
  return links.get(event.visitor_id)?.user_key ?? event.visitor_id;
}

/**
 * Works out every profile after these events. `stored` holds the profiles of all owners and devices; `ownSessions` the ids of
 * events whose session the client named.
 */
export function planProfiles(
  events: readonly EnrichedEvent[],
  stored: Stored,
  ownSessions: ReadonlySet<string>,
): Plan {
  const links = linksOf(events, stored);
  const owners = new Map<string, Profile>();
  const linked = new Map<string, Profile>();
  const profileOf = (key: string): Profile => owners.get(key) ?? stored.get(key)?.profile ?? NOBODY;

  for (const [device, link] of links) {
    const before = stored.get(device)?.profile ?? NOBODY;
    if (before.link?.user_key === link.user_key) continue;
    const isFirstOwner = before.link === undefined;
    if (isFirstOwner) owners.set(link.user_key, joinProfiles(profileOf(link.user_key), before));
    linked.set(device, { first_seen: Math.min(before.first_seen, link.at), events: [], sessions: [], link });
  }

  const placements = new Map<string, Placement>();
  for (const [owner, own] of Map.groupBy(events, (event) => ownerOf(event, links))) {
    owners.set(owner, addEvents(profileOf(owner), owner, own, ownSessions, placements));
  }
  return { owners, linked, placements };
}

function addEvents(
  profile: Profile,
  owner: string,
  events: readonly EnrichedEvent[],
  ownSessions: ReadonlySet<string>,
  placements: Map<string, Placement>,
): Profile {
  let { sessions, first_seen } = profile;
  const added: HistoryEvent[] = [];
  for (const event of events.toSorted(oldestFirst)) {
    const at = parseTime(event.event_time);
    first_seen = Math.min(first_seen, at);
    const kept = historyEventOf(event);
    if (kept) added.push(kept);
    let session_id = event.session_id;
    if (!ownSessions.has(event.event_id)) {
      const placed = placeInSession(sessions, owner, at);
      sessions = placed.sessions;
      session_id = placed.id;
    }
    placements.set(event.event_id, { user_key: owner, session_id });
  }
  return { ...profile, first_seen, sessions, events: joinEvents(profile.events, added) };
}

/** By time, then id. Times are in the one form of `toISOString`, whose order as text is theirs. */
export function oldestFirst(a: EnrichedEvent, b: EnrichedEvent): number {
  if (a.event_time !== b.event_time) return a.event_time < b.event_time ? -1 : 1;
  return a.event_id < b.event_id ? -1 : 1;
}
