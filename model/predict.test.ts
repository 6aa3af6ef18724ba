import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePredict } from './predict.ts';
import { type Instance, PREDICT_MAX_BYTES } from './protocol.ts';

const asked: Instance[] = [];
const predict = makePredict((instance) => {
  asked.push(instance);
  return {
    model_version: 'v1',
    source: 'model',
    items: [{ item_id: `list of ${instance.limit}`, score: 1, reason: { kind: 'popular' } }],
  };
});
const call = (body: unknown) => {
  const { status, body: text } = predict(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
  return { status, json: JSON.parse(text) };
};
const item = { item_id: 'a', event_name: 'view_item', event_time: '2026-11-21T09:30:00Z' };

describe('predict', () => {
  it('answers each instance in order, with defaults filled in', () => {
    asked.length = 0;
    const { status, json } = call({ instances: [{ items: [item], limit: 3 }, { items: [] }] });
    expect(status).toBe(200);
    expect(json.predictions.map((each: { items: unknown[] }) => each.items)).toMatchObject([
      [{ item_id: 'list of 3' }],
      [{ item_id: 'list of 20' }],
    ]);
    expect(asked).toEqual([
      { items: [item], exclude: [], limit: 3, mode: 'next', interests: [], diversity: 0, fresh: [] },
      { items: [], exclude: [], limit: 20, mode: 'next', interests: [], diversity: 0, fresh: [] },
    ]);
  });

  it.each([
    ['no JSON', 'no', 400, /not JSON/],
    ['no instances', {}, 400, /^instances/],
    ['an empty list', { instances: [] }, 400, /^instances/],
    ['too many bytes', ' '.repeat(PREDICT_MAX_BYTES + 1), 413, /bytes/],
  ])('refuses %s and says where', (_name, body, status, message) => {
    const answer = call(body);
    expect(answer.status).toBe(status);
    expect(answer.json.error).toMatch(message);
  });

  it('answers an instance that is wrong with what is wrong, at its index, and the others', () => {
    const { status, json } = call({
      instances: [{ items: [{ ...item, item_id: 3 }] }, { items: [item] }, { items: [], limit: 0 }, 'no'],
    });
    expect(status).toBe(200);
    expect(json.predictions).toMatchObject([
      { error: expect.stringMatching(/^instances\[0\]\.items\[0\]\.item_id: /) },
      { items: [{ item_id: 'list of 20' }] },
      { error: expect.stringMatching(/^instances\[2\]\.limit: /) },
      { error: expect.stringMatching(/^instances\[3\]: /) },
    ]);
  });

  it('never throws, whatever the body', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect([200, 400]).toContain(call(text).status);
      }),
    );
  });
});
