import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startPubSubEmulator } from '../../emulators/pubsub/index.ts';
import { EVERY_EMULATOR } from '../helpers/every-emulator.ts';

const run = promisify(execFile);

/** Each call of gcloud takes a second or two, and there are some fifty. */
function whyNot(): string | undefined {
  if (!EVERY_EMULATOR) return 'npm run test:emulators has them run';
  try {
    execFileSync('gcloud', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'gcloud is not installed';
  }
}

const missing = whyNot();

/** The real command line of the Google Cloud SDK, pointed at our emulator. */
describe.skipIf(missing !== undefined)(`gcloud pubsub${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let emulator: RunningEmulator;
  const folder = mkdtempSync(join(tmpdir(), 'nextclick-gcloud-'));
  beforeAll(async () => {
    emulator = await startPubSubEmulator();
  });
  afterAll(async () => {
    await emulator?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function gcloud(...args: readonly string[]): Promise<unknown> {
    const env = {
      ...process.env,
      CLOUDSDK_CONFIG: folder,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: `${emulator.url}/`,
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_CORE_PROJECT: 'demo-gcloud',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    };
    const { stdout } = await run('gcloud', ['pubsub', ...args, '--format=json'], { env });
    return stdout === '' ? undefined : JSON.parse(stdout);
  }

  test('creates, lists, describes, publishes, pulls, updates, seeks and deletes', async () => {
    const topic = 'projects/demo-gcloud/topics/clicks';
    const subscription = 'projects/demo-gcloud/subscriptions/clicks-sub';
    await gcloud('topics', 'create', 'clicks', '--message-retention-duration=1h');
    expect(await gcloud('topics', 'list')).toMatchObject([
      { name: topic, messageRetentionDuration: '3600s' },
    ]);
    await gcloud(
      ...['subscriptions', 'create', 'clicks-sub', '--topic=clicks', '--ack-deadline=20'],
      ...['--message-filter=attributes.kind="click"', '--min-retry-delay=1s', '--max-retry-delay=10s'],
      ...['--enable-message-ordering', '--labels=team=web'],
    );
    expect(await gcloud('subscriptions', 'describe', 'clicks-sub')).toMatchObject({
      name: subscription,
      topic,
      ackDeadlineSeconds: 20,
      filter: 'attributes.kind="click"',
      retryPolicy: { minimumBackoff: '1s', maximumBackoff: '10s' },
      enableMessageOrdering: true,
      labels: { team: 'web' },
    });
    await gcloud('topics', 'publish', 'clicks', '--message=no', '--attribute=kind=view');
    const published = await gcloud(
      'topics',
      'publish',
      'clicks',
      '--message=héllo',
      '--attribute=kind=click',
    );
    const pulled = await gcloud('subscriptions', 'pull', 'clicks-sub', '--auto-ack', '--limit=5');
    expect(pulled).toMatchObject([
      {
        message: {
          attributes: { kind: 'click' },
          data: Buffer.from('héllo').toString('base64'),
          messageId: (published as { messageIds: string[] }).messageIds[0],
        },
      },
    ]);
    await gcloud('subscriptions', 'seek', 'clicks-sub', '--time=2020-01-01T00:00:00Z');
    expect(await gcloud('subscriptions', 'pull', 'clicks-sub', '--auto-ack')).toHaveLength(1);
    await gcloud('subscriptions', 'update', 'clicks-sub', '--ack-deadline=30');
    expect(await gcloud('subscriptions', 'list')).toMatchObject([
      { name: subscription, ackDeadlineSeconds: 30 },
    ]);
    await gcloud('subscriptions', 'delete', 'clicks-sub');
    expect(await gcloud('subscriptions', 'list')).toEqual([]);
    await gcloud('topics', 'delete', 'clicks');
    await expect(gcloud('topics', 'describe', 'clicks')).rejects.toThrow(/NOT_FOUND/);
  }, 180_000);

  test('takes snapshots and seeks to them, sets policies, changes where messages are pushed', async () => {
    const topic = 'projects/demo-gcloud/topics/orders';
    const subscription = 'projects/demo-gcloud/subscriptions/orders-sub';
    const snapshot = 'projects/demo-gcloud/snapshots/orders-before';
    await gcloud('topics', 'create', 'orders');
    await gcloud('subscriptions', 'create', 'orders-sub', '--topic=orders');
    await gcloud('topics', 'publish', 'orders', '--message=one');
    await gcloud('snapshots', 'create', 'orders-before', '--subscription=orders-sub');
    expect(await gcloud('snapshots', 'list')).toMatchObject([{ name: snapshot, topic }]);
    expect(await gcloud('topics', 'list-subscriptions', 'orders')).toMatchObject([subscription]);
    expect(await gcloud('subscriptions', 'pull', 'orders-sub', '--auto-ack')).toHaveLength(1);
    expect(await gcloud('subscriptions', 'pull', 'orders-sub', '--auto-ack')).toEqual([]);
    await gcloud('subscriptions', 'seek', 'orders-sub', '--snapshot=orders-before');
    const [again] = (await gcloud('subscriptions', 'pull', 'orders-sub')) as { ackId: string }[];
    await gcloud('subscriptions', 'ack', 'orders-sub', `--ack-ids=${again?.ackId}`);
    await gcloud('snapshots', 'delete', 'orders-before');
    expect(await gcloud('snapshots', 'list')).toEqual([]);

    const binding = { members: ['user:a@b.example'], role: 'roles/pubsub.publisher' };
    const [member, role] = [`--member=${binding.members[0]}`, `--role=${binding.role}`];
    await gcloud('topics', 'add-iam-policy-binding', 'orders', member, role);
    expect(await gcloud('topics', 'get-iam-policy', 'orders')).toMatchObject({ bindings: [binding] });
    await gcloud('topics', 'remove-iam-policy-binding', 'orders', member, role);
    expect(await gcloud('topics', 'get-iam-policy', 'orders')).not.toHaveProperty('bindings');

    await gcloud('topics', 'update', 'orders', '--update-labels=team=web');
    expect(await gcloud('topics', 'describe', 'orders')).toMatchObject({ labels: { team: 'web' } });
    const endpoint = 'http://127.0.0.1:9/push';
    await gcloud('subscriptions', 'modify-push-config', 'orders-sub', `--push-endpoint=${endpoint}`);
    expect(await gcloud('subscriptions', 'describe', 'orders-sub')).toMatchObject({
      pushConfig: { pushEndpoint: endpoint },
    });
    await gcloud('topics', 'detach-subscription', subscription);
    expect(await gcloud('subscriptions', 'describe', 'orders-sub')).toMatchObject({ detached: true });
  }, 300_000);
});
