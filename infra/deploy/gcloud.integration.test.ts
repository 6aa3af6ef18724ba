import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { FUNCTIONS, TOPICS } from '../../shared/pipeline.ts';
import { EVERY_EMULATOR } from '../../test/helpers/every-emulator.ts';
import { PUBSUB_TARGETS } from '../../test/helpers/pubsub-emulators.ts';
import { type RecordingGoogle, startRecordingGoogle } from '../../test/helpers/recording-google.ts';
import { executePlan } from './execute.ts';
import { countActions, planDeploy } from './plan.ts';
import { openRecord } from './record.ts';
import { makeRunCommand } from './run-command.ts';
import type { Step } from './step.ts';
import { allPhases } from './steps/all.ts';

const place = { project: 'demo-deploy', region: 'europe-west1' };
const target = { ...place, overrides: {}, modelTag: 'abc', hosting: false };
const SUBSCRIPTION = 'eventarc-push-sub';

/** Of the whole deployment, what this test has gcloud do: each command takes seconds. */
const STEPS = [
  `topic ${TOPICS.recommendations}`,
  `topic ${TOPICS.deadLetters}`,
  `Pub/Sub publishes to ${TOPICS.deadLetters}`,
  'function push',
  `delivery of ${TOPICS.recommendations} to push`,
];

const why = (() => {
  try {
    execFileSync('gcloud', ['version'], { stdio: 'ignore' });
    return '';
  } catch {
    return ' (skipped: gcloud is not installed)';
  }
})();

const TARGETS = PUBSUB_TARGETS.filter(({ name }) => EVERY_EMULATOR || name === 'ours');

describe.each(TARGETS)('gcloud, at $title and a recorder', { timeout: 300_000 }, (emulator) => {
  const skipped = why !== '' || emulator.missing !== undefined;
  let pubsub: RunningEmulator;
  let google: RecordingGoogle;
  let folder = '';
  beforeAll(async () => {
    if (skipped) return;
    pubsub = await emulator.start();
    google = await startRecordingGoogle(pubsub.url);
    folder = await mkdtemp(join(tmpdir(), 'nextclick-gcloud-'));
    // What it uploads; the bundle itself is tried elsewhere.
    await mkdir(join(folder, 'dist/push'), { recursive: true });
    await writeFile(join(folder, 'dist/push/package.json'), '{"name":"push","main":"index.js"}');
    await writeFile(join(folder, 'dist/push/index.js'), '');
  });
  afterAll(async () => {
    await google?.close();
    await pubsub?.close();
    if (folder !== '') await rm(folder, { recursive: true, force: true });
  });

  const api = async (path: string, init: RequestInit = {}) =>
    (await (await fetch(`${pubsub.url}/v1/projects/${place.project}/${path}`, init)).json()) as Record<
      string,
      unknown
    >;

  it.skipIf(skipped)(
    `makes topics, a function, and its subscription’s policies; a second run plans nothing${why}`,
    async () => {
      const phases = allPhases(target).map((phase) => ({
        ...phase,
        steps: phase.steps
          .filter(({ name }) => STEPS.includes(name))
          .map((step) => (emulator.name === 'googles' ? withoutExpiry(step) : step)),
      }));
      expect(phases.flatMap(({ steps }) => steps)).toHaveLength(STEPS.length);
      const record = await openRecord(join(folder, 'record.json'), place);
      const run = makeRunCommand(folder, { ...process.env, ...google.env });
      const told: string[] = [];
      const progress = {
        began: () => undefined,
        ended: ({ name }: { name: string }) => void told.push(name),
      };
      const upTo = async (last: number) => {
        const some = phases.map((phase) => ({
          ...phase,
          steps: phase.steps.filter(({ name }) => STEPS.indexOf(name) <= last),
        }));
        await executePlan(await planDeploy(some, record.steps, folder), { run, record, progress });
      };
      await upTo(3);
      // As Eventarc does when the function is there.
      const where = `projects/${place.project}/locations/${place.region}/triggers/push`;
      google.put(where, {
        name: where,
        transport: { pubsub: { subscription: `projects/${place.project}/subscriptions/${SUBSCRIPTION}` } },
      });
      await api(`subscriptions/${SUBSCRIPTION}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ topic: `projects/${place.project}/topics/${TOPICS.recommendations}` }),
      });
      await upTo(4);
      expect(told.toSorted()).toEqual(STEPS.toSorted());

      const delivery = FUNCTIONS.find(({ name }) => name === 'push')?.delivery;
      expect(await api(`subscriptions/${SUBSCRIPTION}`)).toMatchObject({
        ackDeadlineSeconds: 60,
        retryPolicy: {
          minimumBackoff: `${delivery?.minBackoffSeconds}s`,
          maximumBackoff: `${delivery?.maxBackoffSeconds}s`,
        },
        deadLetterPolicy: {
          deadLetterTopic: `projects/${place.project}/topics/${TOPICS.deadLetters}`,
          maxDeliveryAttempts: delivery?.maxDeliveryAttempts,
        },
      });
      const created = google.requests.find(
        ({ method, path }) => method === 'POST' && path.endsWith('/functions'),
      );
      expect(created?.body).toMatchObject({
        buildConfig: { runtime: 'nodejs24', entryPoint: 'push' },
        serviceConfig: {
          serviceAccountEmail: 'nextclick-push@demo-deploy.iam.gserviceaccount.com',
          maxInstanceRequestConcurrency: 16,
          environmentVariables: { GOOGLE_CLOUD_PROJECT: 'demo-deploy' },
        },
        eventTrigger: { retryPolicy: 'RETRY_POLICY_RETRY' },
      });
      const granted = google.requests.filter(({ path }) => path.endsWith(':setIamPolicy'));
      expect(JSON.stringify(granted)).toContain('service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com');

      const again = await planDeploy(phases, record.steps, folder);
      expect(countActions(again)).toEqual({ make: 0, change: 0, leave: STEPS.length });
    },
  );
});

/** Google's emulator refuses to change a subscription's expiry; the service and ours do not. */
function withoutExpiry(step: Step): Step {
  const create = step.create.map((command) => ({
    ...command,
    words: command.words.filter((word) => word !== '--expiration-period=never'),
  }));
  return { ...step, create };
}
