import { describe, expect, test } from 'vitest';
import { Refusal } from '../http.ts';
import type { ProtocolRequest } from './protocol.ts';
import { snowplow } from './snowplow.ts';

const UUID = '6f1cd1a8-3e0c-4f0f-9a50-2f1c3b1d7e11';

const head = (request: Partial<ProtocolRequest> = {}): ProtocolRequest => ({
  method: 'POST',
  path: '/com.snowplowanalytics.snowplow/tp2',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  maxEvents: 100,
  maxBytes: 100_000,
  ...request,
});
const decode = (data: unknown, headers: ProtocolRequest['headers'] = {}) =>
  snowplow.decode(head({ headers, body: Buffer.from(JSON.stringify({ schema: 'iglu:x', data })) }));

describe('requests', () => {
  test('ids, times, the user agent and the key', () => {
    const payload = { e: 'pv', eid: 'e1', dtm: '1700000000000', stm: '1700000005000', ua: 'UA', aid: 'shop' };
    expect(decode([{ ...payload, uid: 'u', duid: 'd', sid: 's' }])).toMatchObject({
      events: [
        {
          event_id: 'e1',
          event_time: '2023-11-14T22:13:20.000Z',
          user_id: 'u',
          anonymous_id: 'd',
          session_id: 's',
        },
      ],
      sentAt: '2023-11-14T22:13:25.000Z',
      userAgents: ['UA'],
      writeKey: 'shop',
    });
    const trueTime = decode([{ ...payload, uid: 'u', ttm: '1600000000000' }]);
    expect(trueTime).toMatchObject({
      events: [{ event_time: '2020-09-13T12:26:40.000Z' }],
      sentAt: undefined,
    });
  });

  test('GET /i', () => {
    const request = head({
      method: 'GET',
      path: '/i',
      query: new URLSearchParams('e=pv&duid=d&url=https://s/'),
    });
    expect(snowplow.decode(request).events).toEqual([
      { event_name: 'page_view', anonymous_id: 'd', page: { url: 'https://s/' } },
    ]);
    const pixel = snowplow.answer([], request);
    expect(pixel).toMatchObject({
      status: 200,
      headers: { 'content-type': 'image/gif', 'cache-control': 'no-cache, no-store, must-revalidate' },
    });
    expect(Buffer.from(pixel.body).subarray(0, 6).toString()).toBe('GIF89a');
    expect(snowplow.answer([], head())).toMatchObject({ status: 200, body: 'ok' });
  });

  test('an event that names nobody gets the id of a cookie, which is set only then', () => {
    const fresh = decode([{ e: 'pv' }]);
    const [event] = fresh.events as readonly { readonly anonymous_id: string }[];
    expect(event?.anonymous_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(fresh.answerHeaders).toEqual({
      'set-cookie': `sp=${event?.anonymous_id}; Max-Age=31536000; Path=/; Secure; HttpOnly; SameSite=None`,
    });
    const again = decode([{ e: 'pv' }], { cookie: `a=b; sp=${UUID}; c=d` });
    expect(again.events).toMatchObject([{ anonymous_id: UUID }]);
    expect(decode([{ e: 'pv', duid: 'd' }]).answerHeaders).toBeUndefined();
  });

  test('SP-Anonymous: no address, no cookie, no id of the network, no profile', () => {
    const payloads = [
      { e: 'pv', eid: 'e1', nuid: 'n' },
      { e: 'pv', eid: 'e2', sid: 's', tnuid: 'n' },
    ];
    const decoded = decode(payloads, { 'sp-anonymous': '*', cookie: `sp=${UUID}` });
    expect(decoded.withoutAddress).toBe(true);
    expect(decoded.answerHeaders).toBeUndefined();
    expect(decoded.events).toEqual([
      { event_name: 'page_view', event_id: 'e1', anonymous_id: 'e1', consent: { personalization: false } },
      {
        event_name: 'page_view',
        event_id: 'e2',
        session_id: 's',
        anonymous_id: 's',
        consent: { personalization: false },
      },
    ]);
  });

  test.each([
    { payload: { e: 'ue', ue_px: 'bm8ganNvbg' }, path: 'ue_px' },
    { payload: { e: 'ue', ue_pr: '{' }, path: 'ue_pr' },
    { payload: { e: 'ue', ue_pr: '{"data":{"schema":"nope"}}' }, path: 'ue_pr' },
    { payload: { e: 'ue', ue_px: '_-8' }, path: 'ue_px' },
    { payload: { e: 'pv', cx: 'AAAA' }, path: 'cx' },
    { payload: { e: 'zz' }, path: 'e' },
    { payload: { e: 'toString' }, path: 'e' },
    { payload: JSON.parse('{"e":"__proto__"}') as object, path: 'e' },
    { payload: {}, path: 'e' },
  ])('what cannot be read is one failed event: $payload', ({ payload, path }) => {
    const { events, faults } = decode([payload, { e: 'pv', duid: 'd' }]);
    expect(events).toMatchObject([payload, { event_name: 'page_view' }]);
    expect([...(faults ?? [])]).toEqual([[0, { path, message: expect.stringContaining(`${path}: `) }]]);
  });

  test.each([{ body: '' }, { body: '[]' }, { body: '{"data":{}}' }])('$body is 400', ({ body }) => {
    expect(() => snowplow.decode(head({ body: Buffer.from(body) }))).toThrow(Refusal);
  });

  test.each([
    { status: 413, retryAfterSeconds: undefined, answered: 400 },
    { status: 415, retryAfterSeconds: undefined, answered: 400 },
    { status: 401, retryAfterSeconds: undefined, answered: 401 },
    { status: 408, retryAfterSeconds: undefined, answered: 408 },
    { status: 503, retryAfterSeconds: 2, answered: 503 },
  ])('a refusal $status reads $answered to trackers', ({ status, retryAfterSeconds, answered }) => {
    const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    expect(snowplow.refuse(new Refusal(status, 'no', retry), head())).toMatchObject({ status: answered });
  });
});
