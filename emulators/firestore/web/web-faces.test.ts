import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../emulator.ts';
import { startFirestoreEmulator } from '../index.ts';
import { v2 } from '../rules/cases/files.ts';

const DATABASE = 'projects/demo-web/databases/(default)';
const DOCUMENTS = `${DATABASE}/documents`;
const OWNER = { authorization: 'Bearer owner' };

let emulator: RunningEmulator;
beforeAll(async () => {
  emulator = await startFirestoreEmulator();
});
afterAll(() => emulator.close());
beforeEach(async () => {
  await ask('POST', '/reset');
  await ask('PUT', '/emulator/v1/projects/demo-web:securityRules', {
    rules: { files: [{ name: 'firestore.rules', content: v2('match /open/{id} { allow read, write; }') }] },
  });
});

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${emulator.url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  const answer: unknown = isJson ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body: answer };
}

/** What is at a path in an answer. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce((here, key) => (here as Readonly<Record<string | number, unknown>>)[key], value);
}

const one = { fields: { n: { integerValue: '1' } } };
const name = (path: string): string => `${DOCUMENTS}/${path}`;

describe('REST', () => {
  it('creates, gets, lists, patches and deletes documents', async () => {
    const created = await ask('POST', `/v1/${DOCUMENTS}/open?documentId=a`, one);
    expect(created).toMatchObject({ status: 200, body: { name: name('open/a'), ...one } });
    expect((await ask('POST', `/v1/${DOCUMENTS}/open?documentId=a`, one)).status).toBe(409);
    expect(at(await ask('POST', `/v1/${DOCUMENTS}/open`, one), 'body', 'name')).toMatch(/\/open\/\w{20}$/);
    const patch = `/v1/${DOCUMENTS}/open/a?updateMask.fieldPaths=b&currentDocument.exists=true`;
    await ask('PATCH', patch, { fields: { b: { stringValue: 'é' } } });
    const got = await ask('GET', `/v1/${DOCUMENTS}/open/a`);
    expect(at(got.body, 'fields')).toEqual({ n: { integerValue: '1' }, b: { stringValue: 'é' } });
    expect(at(await ask('GET', `/v1/${DOCUMENTS}/open/a?mask.fieldPaths=b`), 'body', 'fields')).toEqual({
      b: { stringValue: 'é' },
    });
    const page = await ask('GET', `/v1/${DOCUMENTS}/open?pageSize=1`);
    expect(at(page.body, 'documents')).toHaveLength(1);
    const rest = await ask(
      'GET',
      `/v1/${DOCUMENTS}/open?pageToken=${encodeURIComponent(String(at(page.body, 'nextPageToken')))}`,
    );
    expect(at(rest.body, 'documents')).toHaveLength(1);
    expect((await ask('DELETE', `/v1/${DOCUMENTS}/open/a`)).body).toEqual({});
    expect(at(await ask('GET', `/v1/${DOCUMENTS}/open/a`), 'body', 'error')).toMatchObject({
      code: 404,
      status: 'NOT_FOUND',
    });
  });

  it('commits, reads batches, queries and counts, in a transaction too', async () => {
    const writes = ['a', 'b'].map((id) => ({ update: { name: name(`open/${id}`), ...one } }));
    const committed = await ask('POST', `/v1/${DOCUMENTS}:commit`, { writes });
    expect(at(committed.body, 'writeResults')).toHaveLength(2);
    const begun = await ask('POST', `/v1/${DOCUMENTS}:beginTransaction`, {});
    const transaction = at(begun.body, 'transaction');
    const read = await ask('POST', `/v1/${DOCUMENTS}:batchGet`, {
      documents: [name('open/a'), name('open/none')],
      transaction,
    });
    expect(read.body).toMatchObject([{ found: { name: name('open/a') } }, { missing: name('open/none') }]);
    expect((await ask('POST', `/v1/${DOCUMENTS}:rollback`, { transaction })).body).toEqual({});
    const structuredQuery = { from: [{ collectionId: 'open' }], orderBy: [{ field: { fieldPath: 'n' } }] };
    const found = await ask('POST', `/v1/${DOCUMENTS}:runQuery`, { structuredQuery });
    expect(found.body).toMatchObject(['a', 'b'].map((id) => ({ document: { name: name(`open/${id}`) } })));
    const counted = await ask('POST', `/v1/${DOCUMENTS}:runAggregationQuery`, {
      structuredAggregationQuery: { structuredQuery, aggregations: [{ alias: 'all', count: {} }] },
    });
    expect(at(counted.body, 0, 'result', 'aggregateFields')).toEqual({ all: { integerValue: '2' } });
  });

  it('binds callers by the rules, and not the owner', async () => {
    const denied = await ask('GET', `/v1/${DOCUMENTS}/shut/a`);
    expect(denied.body).toEqual({
      error: { code: 403, status: 'PERMISSION_DENIED', message: 'No matching allow statements' },
    });
    expect((await ask('PATCH', `/v1/${DOCUMENTS}/shut/a`, one, OWNER)).status).toBe(200);
    expect((await ask('POST', `/v1/${DOCUMENTS}:listCollectionIds`, {})).status).toBe(403);
    expect((await ask('POST', `/v1/${DOCUMENTS}:listCollectionIds`, {}, OWNER)).body).toEqual({
      collectionIds: ['shut'],
    });
    expect(
      (await ask('GET', `/v1/${DOCUMENTS}/open/a`, undefined, { authorization: 'Bearer x' })).status,
    ).toBe(400);
  });

  it.each([
    ['GET', `/v1/${DOCUMENTS}/open/%E0%A4%A`, undefined, 400],
    ['POST', `/v1/${DOCUMENTS}:commit`, 'no JSON', 400],
    ['POST', `/v1/${DOCUMENTS}:commit`, '[]', 400],
    ['POST', `/v1/${DOCUMENTS}:explode`, {}, 404],
    ['PUT', `/v1/${DOCUMENTS}/open/a`, one, 404],
    ['GET', `/v1/${DOCUMENTS}`, undefined, 404],
    ['GET', '/v1/elsewhere', undefined, 404],
  ])('%s %s: %s is answered %s %s', async (method, path, body, status) => {
    expect((await ask(method, path, body)).status).toBe(status);
  });

  it('may be called from any page', async () => {
    const headers = { origin: 'https://shop.example', 'access-control-request-headers': 'x-goog-api-client' };
    const preflight = await ask('OPTIONS', `/v1/${DOCUMENTS}:commit`, undefined, headers);
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('x-goog-api-client');
    for (const { headers: answered } of [
      preflight,
      await ask('GET', `/v1/${DOCUMENTS}/shut/a`, undefined, headers),
    ]) {
      expect(answered.get('access-control-allow-origin')).toBe('https://shop.example');
      expect(answered.get('access-control-allow-credentials')).toBe('true');
    }
  });

  it('keeps the former rules where new ones are none', async () => {
    const bad = { rules: { files: [{ name: 'x', content: v2('match /a/{b} { allow reed; }') }] } };
    const refused = await ask('PUT', '/emulator/v1/projects/demo-web:securityRules', bad);
    expect(refused.status).toBe(400);
    expect(at(refused.body, 'error', 'message')).toContain("L3:22 There is no operation 'reed'");
    expect((await ask('PATCH', `/v1/${DOCUMENTS}/open/a`, one)).status).toBe(200);
  });
});

describe('WebChannel', () => {
  const LISTEN = '/google.firestore.v1.Firestore/Listen/channel?VER=8&CVER=22';
  const form = (first: number, ...messages: readonly unknown[]): string =>
    new URLSearchParams([
      ['headers', 'X-Goog-Api-Client:gl-js/\r\nAuthorization:Bearer owner\r\n'],
      ['count', String(messages.length)],
      ['ofs', String(first)],
      ...messages.map((message, index): [string, string] => [
        `req${index}___data__`,
        JSON.stringify(message),
      ]),
    ]).toString();
  const listenTo = (id: string, targetId = 2) => ({
    database: DATABASE,
    addTarget: { documents: { documents: [name(`shut/${id}`)] }, targetId },
  });

  async function handshake(...messages: readonly unknown[]): Promise<string> {
    const { body } = await ask('POST', `${LISTEN}&RID=1`, form(0, ...messages));
    const [, sid] = /^\d+\n\[\[0,\["c","([^"]+)"/.exec(String(body)) ?? [];
    return sid ?? `no handshake: ${body}`;
  }

  /** Reads the back channel until the text has come, and leaves it. */
  async function backChannel(sid: string, after: number, until: string): Promise<string> {
    const leave = new AbortController();
    const response = await fetch(
      `${emulator.url}${LISTEN}&RID=rpc&SID=${sid}&AID=${after}&CI=0&TYPE=xmlhttp`,
      {
        signal: leave.signal,
      },
    );
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes(until)) break;
    }
    leave.abort();
    return text;
  }

  const idsIn = (frames: string): readonly number[] =>
    frames
      .split(/\n?\d+\n(?=\[\[)/)
      .filter(Boolean)
      .flatMap((json) => (JSON.parse(json) as [number][]).map(([id]) => id));

  it('sends again what was not acknowledged, and takes a message once', async () => {
    const sid = await handshake(listenTo('a'));
    const first = await backChannel(sid, 0, '"readTime"');
    expect(first).toContain('documentDelete');
    const ids = idsIn(first);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    expect(idsIn(await backChannel(sid, 1, '"readTime"'))).toContain(2);
    const again = form(1, listenTo('b', 4));
    for (const _ of [1, 2])
      expect((await ask('POST', `${LISTEN}&SID=${sid}&RID=2&AID=3`, again)).status).toBe(200);
    const second = await backChannel(sid, 3, name('shut/b'));
    expect(second.split('"targetChangeType":"ADD","targetIds":[4]')).toHaveLength(2);
  });

  it('is over after its end, and unknown to others', async () => {
    const sid = await handshake(listenTo('a'));
    expect((await ask('POST', `${LISTEN}&SID=${sid}&RID=2&TYPE=terminate`, '')).status).toBe(200);
    const after = await ask('GET', `${LISTEN}&SID=${sid}&RID=rpc&AID=0&CI=0`);
    expect(after).toMatchObject({ status: 400, body: 'Unknown SID' });
    expect((await ask('GET', `${LISTEN}&RID=rpc`)).status).toBe(400);
  });

  it.each([
    ['no database', {}, 'names no database'],
    ['no target', { database: DATABASE }, 'add_target'],
    ['a query of nothing', { database: DATABASE, addTarget: { query: {}, targetId: 2 } }, 'structured_query'],
  ])('ends a stream with %s by saying so', async (_, message, problem) => {
    const frames = await backChannel(await handshake(message), 0, 'INVALID_ARGUMENT');
    expect(frames).toContain(problem);
  });

  it('fails as it is told to', async () => {
    await ask('POST', '/_emulator/faults', { methods: ['Listen'], code: 'UNAVAILABLE', times: 1 });
    expect(await backChannel(await handshake(listenTo('a')), 0, 'UNAVAILABLE')).toContain('"code":503');
    expect(await backChannel(await handshake(listenTo('a')), 0, '"readTime"')).toContain('documentDelete');
  });
});
