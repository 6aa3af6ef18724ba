import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startPubSubEmulator } from '../../emulators/pubsub/index.ts';
import { makeIdentity } from '../../emulators/pubsub/push/identity.ts';
import { makeTokenJudge, type TokenJudge } from './token-judge.ts';

const AUDIENCE = 'https://inbox.example';
const ACCOUNT = 'nextclick-trigger@demo-test.iam.gserviceaccount.com';

let keys: RunningEmulator;
let judge: TokenJudge;
/** A token that is well made and signed, by nobody we know. */
const forged = makeIdentity(Date.now).token(ACCOUNT, AUDIENCE);

beforeAll(async () => {
  keys = await startPubSubEmulator({});
  const keysUrl = `${keys.url}/oauth2/v3/certs`;
  judge = makeTokenJudge({ audience: AUDIENCE, accounts: [ACCOUNT], keysUrl, clock: Date.now });
});
afterAll(() => keys?.close());

const part = fc.oneof(
  fc.json({ maxDepth: 2 }).map((json) => Buffer.from(json).toString('base64url')),
  fc.constantFrom(...forged.split('.')),
  fc
    .constantFrom({ alg: 'none' }, { alg: 'HS256', kid: 'constructor' }, { alg: 'RS256', kid: '__proto__' })
    .map((head) => Buffer.from(JSON.stringify(head)).toString('base64url')),
  fc.base64String({ maxLength: 40 }).map((text) => text.replace(/[+/=]/g, '')),
);
const header = fc.oneof(
  fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `Bearer ${parts.join('.')}`),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constant(undefined),
);

test('no header lets anybody in that Google has not signed, and every one is judged', async () => {
  await fc.assert(
    fc.asyncProperty(header, async (authorization) => {
      const refusal = await judge(authorization);
      expect(refusal).toMatch(/^(?:there is no token|the token does not hold)$/);
    }),
  );
});
