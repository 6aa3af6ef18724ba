import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { loadProtos, type Plain } from '../protos.ts';
import { fromJson, JsonError, toJson } from './json.ts';
import { restRoutes } from './routes.ts';

const { root } = loadProtos('@google-cloud/pubsub/build/protos/protos.json');
const Subscription = root.lookupType('google.pubsub.v1.Subscription');
const ReceivedMessage = root.lookupType('google.pubsub.v1.ReceivedMessage');

const instant = fc.record({
  seconds: fc.integer({ min: 0, max: 253_402_300_799 }).map(String),
  nanos: fc.integer({ min: 0, max: 999_999_999 }),
});
const labels = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: false });

const received = fc.record<Plain>({
  ackId: fc.string(),
  deliveryAttempt: fc.integer({ min: 0, max: 100 }),
  message: fc.record({
    data: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    attributes: labels,
    publishTime: instant,
    orderingKey: fc.string({ unit: 'grapheme' }),
  }),
});
const subscription = fc.record<Plain>({
  name: fc.string(),
  labels,
  enableMessageOrdering: fc.boolean(),
  ackDeadlineSeconds: fc.integer({ min: 0, max: 600 }),
  messageRetentionDuration: instant,
  retryPolicy: fc.record({ minimumBackoff: instant }),
  state: fc.constantFrom('ACTIVE', 'RESOURCE_ERROR'),
});

describe('a message as JSON', () => {
  it.each([
    ['received message', ReceivedMessage, received],
    ['subscription', Subscription, subscription],
  ] as const)('comes back the same: %s', (_name, type, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        const json = JSON.parse(JSON.stringify(toJson(type, value)));
        expect(fromJson(type, json)).toEqual(value);
      }),
    );
  });

  it('of any other form is refused in words, and never crashes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.dictionary(fc.constantFrom(...Object.keys(Subscription.fields)), fc.jsonValue()),
        ),
        (json) => {
          try {
            expect(typeof fromJson(Subscription, json)).toBe('object');
          } catch (error) {
            expect(error).toBeInstanceOf(JsonError);
          }
        },
      ),
    );
  });

  it.each([
    [{ messageRetentionDuration: '600' }, /Illegal duration format at messageRetentionDuration/],
    [{ retryPolicy: { minimumBackoff: 5 } }, /Illegal duration format at retryPolicy\.minimumBackoff/],
    [{ retryPolicy: { minimum: '5s' } }, /Unknown name "minimum" at "retryPolicy\.minimum"/],
    [{ ackDeadlineSeconds: 'soon' }, /"ackDeadlineSeconds": it is a number/],
    [{ state: 'SAD' }, /"state": it is one of STATE_UNSPECIFIED, ACTIVE/],
    [{ __proto__: null, constructor: {} }, /Unknown name "constructor"/],
    [[], /is not a JSON object/],
  ])('%j is refused', (json, words) => {
    expect(() => fromJson(Subscription, json)).toThrow(words);
  });

  it('takes names in snake_case, and field masks', () => {
    expect(fromJson(Subscription, { ack_deadline_seconds: '20', labels: null })).toEqual({
      ackDeadlineSeconds: 20,
    });
    const Update = root.lookupType('google.pubsub.v1.UpdateSubscriptionRequest');
    const mask = { paths: ['ack_deadline_seconds', 'push_config.push_endpoint'] };
    expect(fromJson(Update, { updateMask: 'ackDeadlineSeconds,push_config.push_endpoint' })).toEqual({
      updateMask: mask,
    });
    expect(toJson(Update, { updateMask: mask })).toEqual({
      updateMask: 'ackDeadlineSeconds,pushConfig.pushEndpoint',
    });
  });
});

test('routes are those of the protos, with fields from path, query and body', () => {
  const routes = restRoutes(root, 'google.pubsub.v1.Subscriber');
  const find = (verb: string, path: string) => {
    for (const route of routes) {
      const match = route.verb === verb ? route.path.exec(path) : null;
      if (match)
        return {
          method: route.method,
          request: route.request(match, new URLSearchParams('pageSize=7'), {
            time: '2026-01-01T00:00:00.5Z',
          }),
        };
    }
    return undefined;
  };
  expect(find('post', '/v1/projects/p/subscriptions/s:seek')).toEqual({
    method: 'Seek',
    request: {
      subscription: 'projects/p/subscriptions/s',
      time: { seconds: '1767225600', nanos: 500_000_000 },
    },
  });
  expect(find('get', '/v1/projects/p/subscriptions')).toEqual({
    method: 'ListSubscriptions',
    request: { project: 'projects/p', pageSize: 7 },
  });
  expect(find('get', '/v1/projects/p%2Fq/subscriptions/a%25b')).toMatchObject({
    request: { subscription: 'projects/p/q/subscriptions/a%b' },
  });
  expect(find('get', '/v1/projects/p/other/s')).toBeUndefined();
});
