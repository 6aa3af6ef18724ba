import { execFile } from 'node:child_process';
import { existsSync, globSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Google's emulators, and where their jars lie below the gcloud SDK and below the Firebase CLI's cache. */
const JARS = {
  pubsub: {
    gcloud: 'platform/pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar',
    firebase: 'pubsub-emulator-*/pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar',
    component: 'pubsub-emulator',
  },
  firestore: {
    gcloud: 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar',
    firebase: 'cloud-firestore-emulator-v*.jar',
    component: 'cloud-firestore-emulator',
  },
} as const;
export type GoogleEmulator = keyof typeof JARS;

/** Folders that may be the root of a gcloud SDK. */
function sdkRoots(environment: NodeJS.ProcessEnv): string[] {
  const onPath = (environment.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'gcloud'))
    .filter((file) => existsSync(file))
    .map((file) => dirname(dirname(realpathSync(file))));
  const usual = [join(homedir(), 'google-cloud-sdk'), '/usr/lib/google-cloud-sdk', '/opt/google-cloud-sdk'];
  return [environment.CLOUDSDK_ROOT_DIR ?? '', ...onPath, ...usual].filter((root) => root !== '');
}

function firebaseCache(environment: NodeJS.ProcessEnv): string {
  return environment.FIREBASE_EMULATORS_PATH ?? join(homedir(), '.cache', 'firebase', 'emulators');
}

/** The jar on this machine: the gcloud SDK's, else the Firebase CLI's. */
export function findJar(name: GoogleEmulator, environment = process.env): string | undefined {
  const places = [
    ...sdkRoots(environment).map((root) => join(root, JARS[name].gcloud)),
    join(firebaseCache(environment), JARS[name].firebase),
  ];
  return places.flatMap((pattern) => globSync(pattern).sort()).at(-1);
}

/** Whether `java` runs. */
export async function javaRuns(): Promise<boolean> {
  try {
    await promisify(execFile)('java', ['-version']);
    return true;
  } catch {
    return false;
  }
}

/**
 * The jar of one of Google's emulators, fetched by the Firebase CLI where this machine has none.
 * @throws Error in one line that says what to install.
 */
export async function obtainJar(name: GoogleEmulator, say: (line: string) => void): Promise<string> {
  if (!(await javaRuns())) {
    throw new Error(
      `Google's ${name} emulator needs Java: install a JRE 17 or newer (Debian: apt-get install default-jre-headless), or set ${hostVariable(name)} to an emulator that is running.`,
    );
  }
  const present = findJar(name);
  if (present) return present;
  say(`fetching Google's ${name} emulator by the Firebase CLI (once) …`);
  try {
    await promisify(execFile)('npx', ['--yes', 'firebase-tools@15', `setup:emulators:${name}`]);
  } catch {
    // Whether it worked shows below.
  }
  const fetched = findJar(name);
  if (fetched) return fetched;
  throw new Error(
    `Google's ${name} emulator is not on this machine and could not be fetched: run "gcloud components install ${JARS[name].component}", or set ${hostVariable(name)} to an emulator that is running.`,
  );
}

function hostVariable(name: GoogleEmulator): string {
  return `${name.toUpperCase()}_EMULATOR_HOST`;
}
