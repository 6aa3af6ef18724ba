import type { Firestore } from '@google-cloud/firestore';
import { COLLECTIONS } from '../../shared/pipeline.ts';

/** A profile as far as it is a matter of the events alone, as text, by document. */
export type Profiles = ReadonlyMap<string, string>;

/**
 * Every profile. Left out is what depends on the order in which events come: how a session is called and where it is
 * split, and which event first named a device's person. Of events told by wrong clocks, times are left out as well.
 * @param skewed ids of events told by wrong clocks
 */
export async function readProfiles(firestore: Firestore, skewed: ReadonlySet<string>): Promise<Profiles> {
  const { docs } = await firestore.collection(COLLECTIONS.profiles).get();
  return new Map(
    docs.map((document) => {
      const { user_key, first_seen, linked_to, history } = document.data() as Fields;
      const events = JSON.parse(history) as readonly (readonly unknown[])[];
      const isExact = events.length > 0 && !events.some(([id]) => skewed.has(String(id)));
      return [
        document.id,
        isExact
          ? JSON.stringify({ user_key, linked_to, first_seen, events })
          : JSON.stringify({ user_key, linked_to, events: events.map(withoutTime).sort() }),
      ];
    }),
  );
}

interface Fields {
  readonly user_key: string;
  readonly first_seen: string;
  readonly linked_to: string | null;
  readonly history: string;
}

function withoutTime([id, _at, ...others]: readonly unknown[]): string {
  return JSON.stringify([id, ...others]);
}

/** Documents whose profiles differ, or that only one side has. */
export function differences(a: Profiles, b: Profiles): readonly string[] {
  const ids = new Set([...a.keys(), ...b.keys()]);
  return [...ids].filter((id) => a.get(id) !== b.get(id)).sort();
}
