import type { Profile } from './profile.ts';

/** A profile as read, with the version that a write must find unchanged. */
export interface StoredProfile {
  readonly profile: Profile;
  readonly version: string;
}

/** A profile to be written. Without a version it must not exist yet. */
export interface ProfileChange {
  readonly key: string;
  readonly profile: Profile;
  readonly version: string | undefined;
}

/** Where profiles are kept. */
export interface Profiles {
  /**
   * The profiles that exist among these keys, in one read.
   * @throws TransientError when they cannot be read.
   */
  read(keys: readonly string[]): Promise<ReadonlyMap<string, StoredProfile>>;
  /**
   * Writes each profile whose version is still the stored one; answers the keys of the others, written by somebody else meanwhile.
   * @throws TransientError when it failed for another reason; some of the profiles may be written.
   */
  write(changes: readonly ProfileChange[]): Promise<ReadonlySet<string>>;
}
