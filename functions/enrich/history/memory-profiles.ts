import type { Profiles, StoredProfile } from './profiles.ts';

/** Profiles that last as long as this object: for history whose customers are not to be remembered. */
export function makeMemoryProfiles(stored = new Map<string, StoredProfile>()): Profiles {
  let version = 0;
  return {
    read: async (keys) =>
      new Map(
        keys.flatMap((key) => {
          const found = stored.get(key);
          return found ? [[key, found] as const] : [];
        }),
      ),
    write: async (changes) => {
      const lost = new Set<string>();
      for (const change of changes) {
        if (stored.get(change.key)?.version !== change.version) lost.add(change.key);
        else {
          version += 1;
          stored.set(change.key, { profile: change.profile, version: String(version) });
        }
      }
      return lost;
    },
  };
}
