import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeOutbox } from './outbox.ts';

/** A client's reader of frames: the length in UTF-16 code units, a line feed, and as much JSON. */
function readFrames(text: string): unknown[] {
  const bodies: unknown[] = [];
  let rest = text;
  while (rest !== '') {
    const feed = rest.indexOf('\n');
    const length = Number(rest.slice(0, feed));
    bodies.push(JSON.parse(rest.slice(feed + 1, feed + 1 + length)));
    rest = rest.slice(feed + 1 + length);
  }
  return bodies;
}

const everything = (next: () => string | undefined): string => {
  let text = '';
  for (let frame = next(); frame !== undefined; frame = next()) text += frame;
  return text;
};

describe('an outbox', () => {
  it('brings every message once, in order, whatever is lost on the way', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), text: fc.string({ unit: 'binary', maxLength: 30 }) }),
      fc.record({ kind: fc.constant('send' as const), most: fc.integer({ min: 1, max: 200 }) }),
      // The connection breaks after so many of the messages sent on it.
      fc.record({ kind: fc.constant('break' as const), arrived: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const outbox = makeOutbox();
        const added: string[] = [];
        const taken: string[] = [];
        let onTheWay: (readonly [number, string])[] = [];
        let last = 0;
        const arrive = (count: number): void => {
          for (const [id, text] of onTheWay.slice(0, count)) {
            if (id <= last) continue;
            expect(id).toBe(last + 1);
            last = id;
            taken.push(text);
          }
          onTheWay = [];
        };
        const reconnect = (): void => {
          outbox.acknowledge(last);
          outbox.rewind(last);
        };
        for (const each of steps) {
          if (each.kind === 'add') {
            outbox.add(each.text);
            added.push(each.text);
          } else if (each.kind === 'send') {
            const frame = outbox.next(each.most);
            if (frame !== undefined) onTheWay.push(...(readFrames(frame).flat() as [number, string][]));
          } else {
            arrive(each.arrived);
            reconnect();
          }
        }
        arrive(onTheWay.length);
        reconnect();
        onTheWay = readFrames(everything(() => outbox.next(100))).flat(1) as [number, string][];
        arrive(onTheWay.length);
        expect(taken).toEqual(added);
        expect(outbox.sentId()).toBe(added.length);
        outbox.acknowledge(last);
        expect(outbox.size()).toEqual({ kept: 0, unsent: 0 });
      }),
    );
  });

  it('sends frames of about the length asked, and a longer message alone', () => {
    const outbox = makeOutbox();
    for (const length of [10, 10, 500, 10]) outbox.add('😀'.repeat(length));
    const counts = Array.from({ length: 5 }, () => outbox.next(100)).map((frame) =>
      frame === undefined ? undefined : readFrames(frame).flat().length,
    );
    expect(counts).toEqual([2, 1, 1, undefined, undefined]);
  });
});
