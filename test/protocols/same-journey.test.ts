import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PROTOCOLS } from '../../functions/ingest/protocols/protocols.ts';
import { closeFakePubSubs } from '../helpers/fake-pubsub.ts';
import { endServedFunctions } from '../helpers/serve-function.ts';
import { startCollector, type TestCollector, WRITE_KEY } from './collector.ts';
import { JOURNEY, journeyOf, SHOPPER } from './journey.ts';
import { SHOPS } from './shops.ts';

let collector: TestCollector;

beforeAll(async () => {
  collector = await startCollector();
});
afterEach(() => collector.clear());
afterAll(() => {
  endServedFunctions();
  closeFakePubSubs();
});

describe('one journey, whichever the protocol', () => {
  test('a shop stands for each protocol', () => {
    expect(new Set(SHOPS.map((shop) => shop.protocol))).toEqual(new Set(PROTOCOLS.map(({ name }) => name)));
  });

  test.each(SHOPS)('by $name', async ({ walk, protocol }) => {
    await walk({ url: collector.url, writeKey: WRITE_KEY }, SHOPPER);
    await expect.poll(() => journeyOf(collector.acknowledged())).toEqual(JOURNEY);
    for (const event of collector.acknowledged()) {
      expect(event).toMatchObject({ ...SHOPPER, collector: { protocol, origin: 'live' } });
    }
  });
});
