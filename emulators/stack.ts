import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RunningEmulator } from './emulator.ts';
import { allocateFunctions, type FunctionLine, type LocalFunction, startFunctions } from './functions.ts';
import { startFirestoreEmulator as startGooglesFirestore } from './google/firestore.ts';
import { pubSubClient, startPubSubEmulator as startGooglesPubSub } from './google/pubsub.ts';
import { startOurs } from './own-process.ts';
import { provisionBuckets, provisionTopics, provisionWarehouse } from './provision.ts';
import { startTraceReceiver } from './traces/index.ts';

/** Whose emulators run, of the services that Google has one of: this project's need nothing but Node, Google's need Java. */
export type Whose = 'own' | 'google';

export interface StackOptions {
  readonly project?: string;
  /** Default `own`. An emulator that the environment names, as PUBSUB_EMULATOR_HOST does, comes before either. */
  readonly emulators?: Whose;
  /** Keeps emulators' state between runs. */
  readonly dataDir?: string | undefined;
  /** Names of the functions that run; default all. */
  readonly functions?: readonly string[];
  /** Further variables for the functions. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: FunctionLine) => void;
  readonly onDeath?: (name: string, how: string) => void;
  /** Progress, and what a person should know. */
  readonly say?: (line: string) => void;
}

/** The whole pipeline, running on this machine. */
export interface Stack {
  readonly project: string;
  readonly ingestUrl: string;
  readonly writeKey: string;
  /** Secret of the pseudonyms; npm run forget needs it. */
  readonly pseudonymKey: string;
  /** What official clients need in their environment to reach this stack. */
  readonly env: Readonly<Record<string, string>>;
  readonly emulators: ReadonlyMap<string, RunningEmulator>;
  readonly functions: ReadonlyMap<string, LocalFunction>;
  close(): Promise<void>;
}

/** Emulators of ours that need no other. */
const ALONE = ['fcm', 'auth'] as const;

/** Starts emulators, creates every resource, then the functions. Resolves when a click can go in. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { project = 'demo-nextclick', emulators: whose = 'own', dataDir, say = () => undefined } = options;
  const secrets = await localSecrets(dataDir);
  // This process's own Google clients must not look for a metadata server either.
  process.env.METADATA_SERVER_DETECTION = 'none';
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.allSettled(closers.splice(0).map((closer) => closer()));
  };
  try {
    const ports = await allocateFunctions(options.functions);
    const common = {
      GOOGLE_CLOUD_PROJECT: project,
      MODEL_IMAGE: 'local/nextclick-model',
      METADATA_SERVER_DETECTION: 'none',
      NODE_COMPILE_CACHE: resolve('.nextclick', 'compile-cache'),
    };
    const data = dataDir === undefined ? {} : { dataDir: resolve(dataDir) };
    const storage = startOurs('storage', common, dataDir);
    const ownPubSub = whose === 'own' && !process.env.PUBSUB_EMULATOR_HOST;
    const ownFirestore = whose === 'own' && !process.env.FIRESTORE_EMULATOR_HOST;
    const starting = [
      ownPubSub ? startOurs('pubsub', common, dataDir) : startGooglesPubSub({ ...data, say }),
      ownFirestore
        ? startOurs('firestore', common, dataDir)
        : startGooglesFirestore({ ...data, project, say }),
      storage,
      // BigQuery exports to the storage emulator.
      storage.then(({ env }) => startOurs('bigquery', { ...common, ...env }, dataDir)),
      ...ALONE.map((name) => startOurs(name, common, dataDir)),
      // In this process: it does too little to need one of its own.
      ...(process.env.OTEL_EXPORTER_OTLP_ENDPOINT ? [] : [startTraceReceiver()]),
    ];
    for (const start of starting) {
      start.then(
        (emulator) => closers.push(emulator.close),
        () => undefined,
      );
    }
    const first = await Promise.all(starting);
    const emulatorEnv = Object.assign({}, ...first.map((emulator) => emulator.env)) as Record<string, string>;
    // The model server reads its artifact from the storage emulator.
    const vertex = await startOurs('vertex', { ...common, ...emulatorEnv }, dataDir);
    closers.push(vertex.close);
    const emulators = new Map([...first, vertex].map((emulator) => [emulator.name, emulator]));
    const env: Record<string, string> = { ...common, ...inherited(), ...emulatorEnv, ...vertex.env };

    const pubsub = pubSubClient(project, env.PUBSUB_EMULATOR_HOST ?? '');
    // The functions start meanwhile: none asks the warehouse before its first event, which comes when all is up.
    const warehouse = provisionWarehouse(emulators.get('bigquery')?.url ?? '', project);
    warehouse.catch(() => undefined);
    await Promise.all([
      provisionTopics(pubsub, project, ports, ownPubSub ? 'own' : 'google').finally(() => pubsub.close()),
      provisionBuckets(env.STORAGE_EMULATOR_HOST ?? '', project, ports),
    ]);
    const functions = await startFunctions(ports, {
      env: { ...env, ...secrets, DEVELOPMENT_PAGE: 'true', ...options.env },
      onLine: options.onLine ?? (() => undefined),
      onDeath: options.onDeath ?? (() => undefined),
    });
    // Functions go first, so that they are not seen failing for want of emulators.
    const closeEmulators = closers.splice(0);
    closers.push(async () => {
      await Promise.allSettled(functions.map(({ child }) => child.stop()));
      await Promise.allSettled(closeEmulators.map((closer) => closer()));
    });
    await warehouse;
    return {
      project,
      ingestUrl: functions.find(({ spec }) => spec.name === 'ingest')?.url ?? '',
      writeKey: secrets.WRITE_KEYS,
      pseudonymKey: secrets.PSEUDONYM_KEY,
      env,
      emulators,
      functions: new Map(functions.map((each) => [each.spec.name, each])),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Emulators named by the environment are passed on to the functions. */
function inherited(): Record<string, string> {
  const names = ['PUBSUB_EMULATOR_HOST', 'FIRESTORE_EMULATOR_HOST', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** Keys for this machine only; kept with the data, since pseudonyms depend on them. */
async function localSecrets(
  dataDir: string | undefined,
): Promise<{ readonly WRITE_KEYS: string; readonly PSEUDONYM_KEY: string }> {
  const fresh = { WRITE_KEYS: 'local-write-key', PSEUDONYM_KEY: randomBytes(16).toString('hex') };
  if (dataDir === undefined) return fresh;
  const file = join(dataDir, 'secrets.json');
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as typeof fresh;
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, JSON.stringify(fresh), { mode: 0o600 });
  return fresh;
}
