import { findJar, javaRuns } from '../../emulators/google/locate.ts';

/** Why tests against Google's emulators cannot run here; undefined where they can. */
export async function whyNoGoogleEmulators(): Promise<string | undefined> {
  if (process.env.FIRESTORE_EMULATOR_HOST && process.env.PUBSUB_EMULATOR_HOST) return undefined;
  if (!(await javaRuns())) return 'no Java on this machine';
  const missing = (['pubsub', 'firestore'] as const).filter((name) => findJar(name) === undefined);
  return missing.length === 0
    ? undefined
    : `Google's emulators are not on this machine: ${missing.join(', ')}`;
}
