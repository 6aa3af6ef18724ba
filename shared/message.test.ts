import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBatches, encodeChunks, packChunks } from './message.ts';

const limits = { batchEvents: 4, batchBytes: 120 };
const eventsOf = (data: Buffer) => (JSON.parse(data.toString()) as { events: unknown[] }).events;

describe('encodeBatches', () => {
  test('no events are no message', () => {
    expect(encodeBatches([])).toEqual([]);
  });

  test('events in order, within the limits, except one that exceeds them alone', () => {
    const event = fc.record({ id: fc.nat(), text: fc.string({ unit: 'grapheme', maxLength: 80 }) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const batches = encodeBatches(events, limits);
        expect(batches.flatMap(({ data }) => eventsOf(data))).toEqual(JSON.parse(JSON.stringify(events)));
        for (const { data, count } of batches) {
          expect(eventsOf(data)).toHaveLength(count);
          expect(count).toBeLessThanOrEqual(limits.batchEvents);
          if (count > 1) expect(data.length).toBeLessThanOrEqual(limits.batchBytes);
        }
      }),
    );
  });
});

describe('packChunks', () => {
  test('chunks of several requests share a message as far as it goes', () => {
    const chunks = [1, 2, 3].flatMap((id) => encodeChunks([{ id }, { id }], limits));
    const batches = packChunks(chunks, limits);
    expect(batches.map(({ count }) => count)).toEqual([4, 2]);
    expect(batches.flatMap(({ data }) => eventsOf(data))).toEqual([1, 1, 2, 2, 3, 3].map((id) => ({ id })));
  });
});
