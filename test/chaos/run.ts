import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readBacklog } from '../../emulators/backlog.ts';
import { readConservation, settled } from '../../emulators/conservation.ts';
import type { FunctionLine } from '../../emulators/functions.ts';
import { makeIngestClient } from '../../emulators/ingest-client.ts';
import { makeRandom } from '../../emulators/shop/random.ts';
import { trainOnPast } from '../../emulators/shop/short-past.ts';
import { type Stack, type StackOptions, startStack } from '../../emulators/stack.ts';
import { openStores, type Stores } from '../../emulators/stores.ts';
import { untilDelivered, untilEmpty } from '../../emulators/until-empty.ts';
import { BUCKETS, bucketName, COLLECTIONS, DATASET } from '../../shared/pipeline.ts';
import { type Audit, auditEvents } from './audit.ts';
import { CLICK_FUNCTIONS, PROFILE_FUNCTIONS } from './click-functions.ts';
import { putFiles } from './files.ts';
import { type Journeys, makeJourneys } from './journeys.ts';
import { differences, type Profiles, readProfiles } from './profiles.ts';
import { screensBehind, watchScreens } from './screens.ts';
import { sendSteps } from './send.ts';
import { passStorm, type StormReport } from './storm.ts';
import { planStorm } from './storm-plan.ts';

export interface ChaosRunOptions {
  readonly events: number;
  readonly seconds: number;
  readonly seed: number;
  /** Progress, and what a person should know. */
  readonly say: (line: string) => void;
  /** Every line that functions log. */
  readonly onLine?: (line: FunctionLine) => void;
  /** Ends the run early, and everything it started. */
  readonly signal?: AbortSignal;
}

/** What a chaos run came to; printed by `--json`. */
export interface ChaosReport extends Audit, StormReport {
  readonly seed: number;
  /** Distinct events for which ingest answered 2xx, and those in files that were put into the inbox bucket. */
  readonly accepted: number;
  /** accepted = stored + failed + consent_dropped. */
  readonly conserved: boolean;
  /** Attempts of clients that had to be repeated, by status; `lost` where there was no answer. */
  readonly repeated: Readonly<Record<string, number>>;
  /** Requests sent twice on purpose. */
  readonly sent_twice: number;
  /** From the end of the storm, and of sending, to an empty pipeline. */
  readonly recovery_seconds: number;
  readonly profiles: { readonly compared: number; readonly different: readonly string[] };
  readonly screens: {
    readonly changes: number;
    /** Visitors whose screen went back in time. */
    readonly older: readonly string[];
    /** Visitors who are not shown the newest that was made for them. */
    readonly behind: readonly string[];
    readonly recommendations: number;
    readonly by_popularity: number;
  };
  readonly dead_lettered: number;
  readonly calm_seconds: number;
  readonly seconds: number;
  /** Promises that were broken, in words; none where all is well. */
  readonly broken: readonly string[];
}

const CLOCK = pathToFileURL(resolve(import.meta.dirname, 'skewed-clock.ts')).href;
const CLOCK_SKEW_MS = 2000;
const DEVICES = 40;
const MOST_SHOWN = 10;

/** Runs the same events calmly and in a storm, and compares. */
export async function runChaos(options: ChaosRunOptions): Promise<ChaosReport> {
  const { seed, events, seconds, say } = options;
  const began = Date.now();
  const journeys = makeJourneys({ seed, events, end: began - 5 * 60_000 });
  say(`seed ${seed}: ${events} events of ${journeys.visitors.length} visitors, first calmly`);
  const calm = await calmProfiles(journeys, options);
  const calmSeconds = secondsSince(began);
  say(`calm run after ${calmSeconds} s: ${calm.size} profiles; now the storm, ${seconds} s of it`);
  const stormy = await stormRun(journeys, options);
  const different = differences(calm, stormy.profiles);
  const { profiles, audit, ...others } = stormy;
  const failed = Object.values(audit.failed).reduce((sum, count) => sum + count, 0);
  const accepted = journeys.steps.length;
  const report = {
    seed,
    accepted,
    conserved: accepted === audit.stored + audit.consent_dropped + failed,
    ...audit,
    ...others,
    profiles: { compared: profiles.size, different: different.slice(0, MOST_SHOWN) },
    calm_seconds: calmSeconds,
    seconds: secondsSince(began),
  };
  return { ...report, broken: brokenPromises(report) };
}

/** Both runs' functions pseudonymise alike, or no profile could be compared. */
const ENV = { PSEUDONYM_KEY: 'the same in both runs of chaos' };

async function calmProfiles(journeys: Journeys, options: ChaosRunOptions): Promise<Profiles> {
  return within(options, { env: ENV, functions: PROFILE_FUNCTIONS }, async (stack, stores) => {
    const ingest = makeIngestClient({ url: stack.ingestUrl, writeKey: stack.writeKey });
    await sendSteps({ steps: journeys.steps, ingest, seconds: 0, disorder: undefined });
    await untilDelivered(stack);
    return readProfiles(stores.firestore, journeys.skewed);
  });
}

async function stormRun(journeys: Journeys, options: ChaosRunOptions) {
  const { seed, seconds, say } = options;
  const env = {
    ...ENV,
    CLOCK_SKEW_MS: String(CLOCK_SKEW_MS),
    NODE_OPTIONS: `--import ${CLOCK}`,
    // Their clicks are some minutes old already, and are to be told of all the same.
    PUSH_MAX_AGE_MS: '7200000',
  };
  return within(options, { env, functions: CLICK_FUNCTIONS }, async (stack, stores) => {
    await trainOnPast(stores, stack.project, seed);
    await registerDevices(stores, journeys.visitors.slice(0, DEVICES));
    const before = settled(await readConservation(stores));
    const screens = watchScreens(stores.firestore);
    const repeated: Record<string, number> = {};
    const ingest = makeIngestClient({
      url: stack.ingestUrl,
      writeKey: stack.writeKey,
      onRetry: (status = 0) => {
        const how = status === 0 ? 'lost' : String(status);
        repeated[how] = (repeated[how] ?? 0) + 1;
      },
    });
    const requested = journeys.steps.filter(({ byFile }) => !byFile);
    const filed = journeys.steps.filter(({ byFile }) => byFile);
    const inbox = stores.storage.bucket(bucketName(stack.project, BUCKETS.inbox));
    const [storm, twice] = await Promise.all([
      passStorm(planStorm(seed, seconds), stack),
      sendSteps({ steps: requested, ingest, seconds, disorder: makeRandom(seed + 1) }),
      putFiles({ steps: filed, inbox, seconds }),
    ]);
    const healed = Date.now();
    say(
      `${storm.killed + storm.terminated} processes ended, all healed; waiting until the pipeline is empty`,
    );
    await untilEmpty(stack, stores, before + journeys.steps.length);
    const recovery = secondsSince(healed);
    const audit = await auditEvents(stores, journeys.steps);
    const behind = await screensBehind(stores);
    screens.stop();
    if (screens.failure) throw new Error(`screens were watched no longer: ${screens.failure}`);
    return {
      audit,
      ...storm,
      repeated,
      sent_twice: twice,
      recovery_seconds: recovery,
      profiles: await readProfiles(stores.firestore, journeys.skewed),
      screens: {
        changes: screens.changes,
        older: screens.older.slice(0, MOST_SHOWN),
        behind: behind.slice(0, MOST_SHOWN),
        ...(await madeBy(stores)),
      },
      dead_lettered: (await readBacklog(stack)).deadLettered,
    };
  });
}

/** Runs something on a stack of its own, which it ends, whatever happens. */
async function within<T>(
  { signal, onLine = () => undefined }: ChaosRunOptions,
  of: Pick<StackOptions, 'env' | 'functions'>,
  work: (stack: Stack, stores: Stores) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const stack = await startStack({ project: 'demo-chaos', ...of, onLine });
  const stores = openStores(stack);
  const aborted = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
  try {
    return await Promise.race([work(stack, stores), aborted]);
  } finally {
    await stores.close();
    await stack.close();
  }
}

async function registerDevices({ firestore }: Stores, visitors: readonly string[]): Promise<void> {
  const batch = firestore.batch();
  for (const visitor of visitors) {
    const reference = firestore.doc(`${COLLECTIONS.devices}/${visitor}/tokens/phone`);
    batch.set(reference, { token: `phone-of-${visitor}`, updated_at: new Date() });
  }
  await batch.commit();
}

async function madeBy({ bigquery }: Stores) {
  const [rows] = await bigquery.query(
    `SELECT COUNT(*) AS made, COUNTIF(source = 'popularity') AS popular FROM \`${DATASET}.recommendations\``,
  );
  const { made, popular } = rows[0] as { readonly made: number; readonly popular: number };
  return { recommendations: Number(made), by_popularity: Number(popular) };
}

function brokenPromises(report: Omit<ChaosReport, 'broken'>): readonly string[] {
  const { accepted, missing, astray, duplicates_view, profiles, screens } = report;
  const promises: readonly (readonly [boolean, string])[] = [
    [report.conserved, `of ${accepted} accepted events some are nowhere: ${missing.join(', ')}`],
    [astray.length === 0, `events ended where they should not: ${astray.join('; ')}`],
    [duplicates_view === 0, `the view shows ${duplicates_view} events more than once`],
    [profiles.different.length === 0, `profiles differ from the calm run: ${profiles.different.join(', ')}`],
    [screens.older.length === 0, `screens went back in time: ${screens.older.join(', ')}`],
    [screens.behind.length === 0, `screens lack the newest recommendation: ${screens.behind.join(', ')}`],
    [screens.changes > 0, 'no screen ever changed, so nothing was seen of recommendations'],
  ];
  return promises.flatMap(([kept, words]) => (kept ? [] : [words]));
}

function secondsSince(began: number): number {
  return Math.round((Date.now() - began) / 100) / 10;
}
