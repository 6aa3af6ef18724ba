import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startPubSubEmulator } from '../../emulators/pubsub/index.ts';
import { makeIdentity } from '../../emulators/pubsub/push/identity.ts';
import { endServedFunctions, type ServedFunction, serveFunction } from '../../test/helpers/serve-function.ts';
import { TOPICS } from '../pipeline.ts';
import { makeTokenJudge } from './token-judge.ts';

const AUDIENCE = 'https://inbox.example';
const TRIGGER = 'nextclick-trigger@demo-test.iam.gserviceaccount.com';
const event = { event_id: 'e1', event_name: 'view_item', anonymous_id: 'a' };

/** A function under functions-framework, and the Pub/Sub emulator, which signs push requests as the service does. */
describe('a function that judges push tokens itself', () => {
  let emulator: RunningEmulator;
  let pubsub: PubSub;
  let inbox: ServedFunction;

  beforeAll(async () => {
    emulator = await startPubSubEmulator({});
    pubsub = new PubSub({
      projectId: 'demo-test',
      apiEndpoint: new URL(emulator.url).host,
      emulatorMode: true,
    });
    await Promise.all(Object.values(TOPICS).map((topic) => pubsub.createTopic(topic)));
    inbox = await serveFunction('inbox', {
      ...emulator.env,
      PUSH_AUDIENCE: AUDIENCE,
      PUSH_ACCOUNTS: `somebody@else.example, ${TRIGGER}`,
      PUSH_KEYS_URL: `${emulator.url}/oauth2/v3/certs`,
    });
  }, 60_000);
  afterAll(async () => {
    endServedFunctions();
    await pubsub?.close();
    await emulator?.close();
  });

  const post = (headers: Readonly<Record<string, string>>) =>
    fetch(`${inbox.url}/projects/demo-test/topics/${TOPICS.inbox}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({
        message: {
          data: Buffer.from(JSON.stringify({ events: [event] })).toString('base64'),
          messageId: '1',
        },
        subscription: 's',
      }),
    });

  test.each([
    ['without a token', {}],
    ['with another scheme', { authorization: 'Basic eDp5' }],
    ['with a token that is none', { authorization: 'Bearer x.y.z' }],
    [
      'with a token of another key',
      { authorization: `Bearer ${makeIdentity(Date.now).token(TRIGGER, AUDIENCE)}` },
    ],
  ])('refuses a request %s', async (_name, headers) => {
    const response = await post(headers);
    expect([response.status, await response.text()]).toEqual([403, 'forbidden\n']);
  });

  test('takes what Pub/Sub pushes with a token for it', async () => {
    const raw = await pubsub.topic(TOPICS.raw).createSubscription('raw-for-test');
    await pubsub.topic(TOPICS.inbox).createSubscription('inbox-push', {
      pushConfig: {
        pushEndpoint: `${inbox.url}/projects/demo-test/topics/${TOPICS.inbox}`,
        oidcToken: { serviceAccountEmail: TRIGGER, audience: AUDIENCE },
      },
    });
    const arrived = new Promise<string>((resolve, reject) => {
      raw[0].once('message', (message) => {
        message.ack();
        resolve(message.data.toString('utf8'));
      });
      raw[0].once('error', reject);
    });
    await pubsub
      .topic(TOPICS.inbox)
      .publishMessage({ data: Buffer.from(JSON.stringify({ events: [event] })) });
    expect(JSON.parse(await arrived)).toMatchObject({ events: [{ event_id: 'e1' }] });
    await raw[0].close();
    expect(inbox.output()).not.toContain('Bearer');
  }, 30_000);
});

describe('makeTokenJudge', () => {
  const now = Date.now();
  const identity = makeIdentity(() => now);
  let served = identity.keys;
  const keysUrl = () => `data:application/json,${encodeURIComponent(JSON.stringify(served))}`;
  const judge = (token: string, clock = now) =>
    makeTokenJudge({ audience: AUDIENCE, accounts: [TRIGGER], keysUrl: keysUrl(), clock: () => clock })(
      `Bearer ${token}`,
    );

  test('takes a token of the account for the audience', async () => {
    expect(await judge(identity.token(TRIGGER, AUDIENCE))).toBeUndefined();
  });

  test.each([
    ['another audience', () => identity.token(TRIGGER, 'https://other.example'), 'the token does not hold'],
    ['another account', () => identity.token('eve@example.com', AUDIENCE), 'the token is of another account'],
    [
      'a time that is over',
      () => makeIdentity(() => now - 86_400_000).token(TRIGGER, AUDIENCE),
      'the token does not hold',
    ],
    [
      'no signature',
      () => `${identity.token(TRIGGER, AUDIENCE).split('.').slice(0, 2).join('.')}.x`,
      'the token does not hold',
    ],
    [
      'the algorithm none',
      () => {
        const [, claims] = identity.token(TRIGGER, AUDIENCE).split('.');
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.x`;
      },
      'the token does not hold',
    ],
  ])('refuses a token of %s', async (_name, token, refusal) => {
    expect(await judge(token())).toBe(refusal);
  });

  test('without keys it can not judge, and says so', async () => {
    served = 'none' as unknown as typeof served;
    await expect(judge(identity.token(TRIGGER, AUDIENCE))).rejects.toThrow(
      'keys of push tokens could not be read',
    );
  });
});
