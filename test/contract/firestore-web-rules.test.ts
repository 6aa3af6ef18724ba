import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator as startOurs } from '../../emulators/firestore/index.ts';
import { FAILING } from '../../emulators/firestore/rules/cases/failing.ts';
import {
  FILES,
  lookups,
  nestedCalls,
  REFUSED_FILES,
  v2,
  WARNED_FILES,
} from '../../emulators/firestore/rules/cases/files.ts';
import { HOLDING } from '../../emulators/firestore/rules/cases/holding.ts';
import { QUERY_CASES } from '../../emulators/firestore/rules/cases/queries.ts';
import { WRITE_CASES } from '../../emulators/firestore/rules/cases/writes.ts';
import { startFirestoreEmulator as startGoogles } from '../../emulators/google/firestore.ts';
import { whyNoGoogleEmulators } from '../helpers/google-emulators.ts';

const PROJECT = 'demo-rules';
const DOCUMENTS = `projects/${PROJECT}/databases/(default)/documents`;
const OWNER = { authorization: 'Bearer owner' };

const why = await whyNoGoogleEmulators();

/** Emulators that decide alike: a document that is allowed but missing is 404, what is denied 403. */
const EMULATORS = [
  { name: 'our', skip: undefined, start: () => startOurs() },
  { name: 'Google’s', skip: why, start: () => startGoogles({ project: PROJECT }) },
];

// Google's compiles rules slowly where the machine is busy.
describe.each(EMULATORS)('rules under $name emulator', { timeout: 60_000 }, ({ skip, start }) => {
  describe.skipIf(skip)(skip ? `skipped: ${skip}` : 'running', () => {
    let emulator: RunningEmulator;
    beforeAll(async () => {
      emulator = await start();
    });
    afterAll(() => emulator?.close());

    const ask = async (
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ): Promise<number> => {
      const response = await fetch(`${emulator.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      await response.arrayBuffer();
      return response.status;
    };
    const load = (content: string): Promise<number> =>
      ask('PUT', `/emulator/v1/projects/${PROJECT}:securityRules`, {
        rules: { files: [{ name: 'firestore.rules', content }] },
      });
    const get = async (path: string): Promise<boolean> => {
      const status = await ask('GET', `/v1/${DOCUMENTS}/${path}`);
      expect([403, 404]).toContain(status);
      return status === 404;
    };

    it('conditions', async () => {
      const conditions = [...HOLDING, ...FAILING];
      const matches = conditions.map((each, index) => `match /c${index}/{id} { allow get: if ${each}; }`);
      expect(await load(v2(matches.join('\n')))).toBe(200);
      const allowed = await Promise.all(conditions.map((_, index) => get(`c${index}/x`)));
      const wrong = conditions.filter((_, index) => allowed[index] !== index < HOLDING.length);
      expect(wrong).toEqual([]);
    });

    it('files', async () => {
      const wrong: string[] = [];
      for (const [source, allowed] of [
        ...FILES,
        [nestedCalls(21), true] as const,
        [lookups(10), true] as const,
        [lookups(11), false] as const,
      ]) {
        if ((await load(source)) !== 200 || (await get('a/x')) !== allowed) wrong.push(source);
      }
      expect(wrong).toEqual([]);
    });

    it('files that are none', async () => {
      const taken: string[] = [];
      for (const source of [...REFUSED_FILES, nestedCalls(22)])
        if ((await load(source)) !== 400) taken.push(source);
      expect(taken).toEqual([]);
    });

    it('files with names that there are not: refused, or allowing nothing', async () => {
      const wrong: string[] = [];
      for (const source of WARNED_FILES) {
        const status = await load(source);
        if (status === 200 ? await get('a/x') : status !== 400) wrong.push(source);
      }
      expect(wrong).toEqual([]);
    });

    it('queries', async () => {
      for (const id of ['d0', 'd1']) {
        expect(await ask('PATCH', `/v1/${DOCUMENTS}/q/${id}`, { fields: {} }, OWNER)).toBe(200);
      }
      const wrong: unknown[] = [];
      for (const { condition, query, allowed } of QUERY_CASES) {
        expect(await load(v2(`match /q/{id} { allow list: if ${condition}; }`)), condition).toBe(200);
        const structuredQuery = { from: [{ collectionId: 'q' }], ...query };
        const status = await ask('POST', `/v1/${DOCUMENTS}:runQuery`, { structuredQuery });
        if (status !== (allowed ? 200 : 403)) wrong.push([condition, query, status]);
      }
      expect(wrong).toEqual([]);
    });

    it('writes', async () => {
      const old = { fields: { a: { integerValue: '1' }, b: { stringValue: 'x' } } };
      const wrong: unknown[] = [];
      for (const { rule, writes, allowed } of WRITE_CASES) {
        expect(await load(v2(`match /w/{id} { allow ${rule}; }`)), rule).toBe(200);
        await ask('DELETE', `/emulator/v1/${DOCUMENTS}`, undefined, OWNER);
        expect(await ask('PATCH', `/v1/${DOCUMENTS}/w/old`, old, OWNER)).toBe(200);
        const status = await ask('POST', `/v1/${DOCUMENTS}:commit`, { writes });
        if (status !== (allowed ? 200 : 403)) wrong.push([rule, writes, status]);
      }
      expect(wrong).toEqual([]);
    });
  });
});
