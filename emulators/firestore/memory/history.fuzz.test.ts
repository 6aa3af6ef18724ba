import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Document } from '../backend.ts';
import { makeDocumentStore } from './document-store.ts';
import { makeHistory } from './history.ts';

const ROOT = 'projects/p/databases/(default)/documents';
const step = fc.record({ id: fc.constantFrom('a/1', 'a/2', 'a/1/b/1', 'c/1'), remove: fc.boolean() });

it('a store as of any time that is still known is the store as it was then', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 8 }), (steps, kept) => {
      const store = makeDocumentStore();
      const history = makeHistory(0n, kept);
      const states: (readonly Document[])[] = [[]];
      for (const [index, { id, remove }] of steps.entries()) {
        const time = BigInt(index + 1);
        const name = `${ROOT}/${id}`;
        const after = remove ? undefined : { name, fields: new Map(), createTime: time, updateTime: time };
        history.record(time, [{ name, before: store.get(name), after }]);
        if (after) store.put(after);
        else store.remove(name);
        states.push(store.scan({ parent: ROOT, allDescendants: true }));
      }

      for (const [index, state] of states.entries()) {
        const known = history.since(BigInt(index)) !== undefined;
        expect(known || states.length - 1 - index > kept).toBe(true);
        if (!known) continue;
        const then = history.at(BigInt(index), store);
        expect(then.scan({ parent: ROOT, allDescendants: true })).toEqual(state);
        expect([...then.collections()].sort()).toEqual(
          [...new Set(state.map(({ name }) => name.slice(0, name.lastIndexOf('/'))))].sort(),
        );
      }
    }),
  );
});
