import { describe, expect, it } from 'vitest';
import type { Access, Document, View, WriteAttempt } from '../backend.ts';
import { FirestoreError } from '../firestore-error.ts';
import type { Fields } from '../values.ts';
import { readQuery } from '../wire/queries.ts';
import { makeRulesAccess } from './access.ts';
import { callerOf } from './caller.ts';
import { FAILING } from './cases/failing.ts';
import { FILES, lookups, nestedCalls, REFUSED_FILES, v2, WARNED_FILES } from './cases/files.ts';
import { HOLDING } from './cases/holding.ts';
import { QUERY_CASES } from './cases/queries.ts';
import { loadRules } from './load.ts';
import { NULL, type RuleValue } from './rule-value.ts';
import { RulesError } from './rules-error.ts';

const ROOT = 'projects/demo-rules/databases/(default)/documents';
const TIME = 1_795_244_400_000_000n;
const documentOf = (id: string, fields: Fields): Document => ({
  name: `${ROOT}/${id}`,
  fields,
  createTime: TIME,
  updateTime: TIME,
});
const viewOf = (...documents: readonly Document[]): View => ({
  time: TIME,
  get: (name) => documents.find((document) => document.name === name),
});
const number = (value: bigint): Fields => new Map([['a', { kind: 'integer', value }]]);

function accessUnder(source: string, auth: RuleValue = NULL): Access {
  const file = loadRules(source);
  return makeRulesAccess({ rules: () => file, auth });
}

function allows(ask: () => void): boolean {
  try {
    ask();
    return true;
  } catch (error) {
    if (error instanceof FirestoreError && error.status === 'PERMISSION_DENIED') return false;
    throw error;
  }
}

const allowsGet = (source: string, path = 'a/x', auth: RuleValue = NULL): boolean =>
  allows(() => accessUnder(source, auth).get(`${ROOT}/${path}`, undefined, viewOf()));
const allowsIf = (condition: string): boolean =>
  allowsGet(v2(`match /a/{id} { allow get: if ${condition}; }`));

describe('conditions', () => {
  it.each(HOLDING)('%s', (condition) => expect(allowsIf(condition)).toBe(true));
  it.each(FAILING)('not: %s', (condition) => expect(allowsIf(condition)).toBe(false));
});

describe('files', () => {
  it.each(FILES)('%s', (source, allowed) => expect(allowsGet(source)).toBe(allowed));
  it.each([...REFUSED_FILES, ...WARNED_FILES])('refused: %s', (source) => {
    expect(() => loadRules(source)).toThrow(RulesError);
  });

  it('says where and what is wrong', () => {
    const source = v2('match /a/{b} {\n  allow get: if undefined == 1;\n}');
    expect(() => loadRules(source)).toThrow('L4:17 Invalid variable name: undefined.');
    expect(() => loadRules(v2('match /a/{b} { allow read, wirte; }'))).toThrow(
      "L3:28 There is no operation 'wirte': it is one of read, write, get, list, create, update, delete.",
    );
  });

  it('takes calls 20 deep, and none that go round', () => {
    expect(allowsGet(nestedCalls(21))).toBe(true);
    expect(() => loadRules(nestedCalls(22))).toThrow('go deeper than 20 functions');
    const round = v2(
      'function f() { return g(); } function g() { return f(); } match /a/{b} { allow get: if f(); }',
    );
    expect(() => loadRules(round)).toThrow('calls itself');
  });

  it('looks up 10 documents', () => {
    expect(allowsGet(lookups(10))).toBe(true);
    expect(allowsGet(lookups(11))).toBe(false);
  });

  it('evaluates 1000 expressions', () => {
    const calls = (count: number): string =>
      v2(
        `function f() { return [${'-1,'.repeat(90)}].size() == 90; } match /a/{b} { allow get: if ${Array(count).fill('f()').join(' && ')}; }`,
      );
    expect(allowsGet(calls(10))).toBe(true);
    expect(allowsGet(calls(11))).toBe(false);
  });
});

describe('queries', () => {
  it.each(QUERY_CASES)('$condition of $query: $allowed', ({ condition, query, allowed }) => {
    const access = accessUnder(v2(`match /q/{id} { allow list: if ${condition}; }`));
    const asked = readQuery(ROOT, { from: [{ collectionId: 'q' }], ...query });
    expect(allows(() => access.list(asked, undefined, viewOf()))).toBe(allowed);
  });

  it.each(["!(resource.data.a in ['a'])", '!resource.data.a.hasAny([2])'])(
    'by a bound do not decide %s, nor does it allow',
    (condition) => {
      const access = accessUnder(v2(`match /q/{id} { allow list: if ${condition}; }`));
      const field = { fieldPath: 'a' };
      const where = { fieldFilter: { field, op: 'GREATER_THAN', value: { integerValue: '1' } } };
      const asked = readQuery(ROOT, { from: [{ collectionId: 'q' }], where });
      expect(allows(() => access.list(asked, undefined, viewOf()))).toBe(false);
    },
  );

  it.each([
    ['match /{above=**}/q/{id} { allow list; }', true],
    ['match /{all=**} { allow list; }', true],
    ['match /q/{id} { allow list; }', false],
    ['match /{one}/{two}/q/{id} { allow list; }', false],
  ])('of a collection group under %s: %s', (rules, allowed) => {
    const asked = readQuery(ROOT, { from: [{ collectionId: 'q', allDescendants: true }] });
    expect(allows(() => accessUnder(v2(rules)).list(asked, undefined, viewOf()))).toBe(allowed);
  });
});

describe('writes', () => {
  const [before, after] = [documentOf('w/x', number(1n)), documentOf('w/x', number(2n))];
  const attempt = (kind: WriteAttempt['kind']): WriteAttempt => ({
    kind,
    name: before.name,
    before: kind === 'create' ? undefined : before,
    after: kind === 'delete' ? undefined : after,
    views: {
      before: kind === 'create' ? viewOf() : viewOf(before),
      after: kind === 'delete' ? viewOf() : viewOf(after),
    },
  });
  it.each([
    ['create: if resource == null && request.resource.data.a == 2', 'create', true],
    ['create: if exists(request.path)', 'create', false],
    ['create: if existsAfter(request.path)', 'create', true],
    ['update: if resource.data.a == 1 && request.resource.data.a == 2', 'update', true],
    ['update: if get(request.path).data.a == 1 && getAfter(request.path).data.a == 2', 'update', true],
    ['update: if request.resource.data.a == 1', 'update', false],
    ['create', 'update', false],
    ['delete: if request.resource == null && resource.data.a == 1', 'delete', true],
    ['delete: if existsAfter(request.path)', 'delete', false],
    ['read', 'delete', false],
  ] as const)('allow %s: a %s', (rule, kind, allowed) => {
    const access = accessUnder(v2(`match /w/{id} { allow ${rule}; }`));
    expect(allows(() => access.write(attempt(kind)))).toBe(allowed);
  });

  it('looks up 20 documents over a commit, 10 for each write', () => {
    const source = v2('match /w/{id} { allow write: if !exists(/databases/(default)/documents/z/$(id)); }');
    const views = { before: viewOf(), after: viewOf() };
    const access = accessUnder(source);
    const ask = (id: number): boolean =>
      allows(() => access.write({ ...attempt('create'), name: `${ROOT}/w/${id}`, views }));
    expect(Array.from({ length: 20 }, (_, id) => ask(id))).not.toContain(false);
    expect(ask(20)).toBe(false);
    const next = { before: viewOf(), after: viewOf() };
    expect(allows(() => access.write({ ...attempt('create'), name: `${ROOT}/w/20`, views: next }))).toBe(
      true,
    );
  });
});

describe('the caller', () => {
  const token = (claims: object): string =>
    `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
  const under = (condition: string, authorization?: string): boolean => {
    const caller = callerOf(authorization);
    if (caller.kind === 'owner') throw new Error('rules do not bind the owner');
    return allowsGet(v2(`match /a/{id} { allow get: if ${condition}; }`), 'a/x', caller.auth);
  };

  it('is nobody, the owner, or whom the token names', () => {
    expect(callerOf('Bearer owner')).toEqual({ kind: 'owner' });
    expect(under('request.auth == null')).toBe(true);
    const signedIn = token({
      sub: 'u1',
      admin: true,
      n: 1.5,
      l: [1],
      firebase: { sign_in_provider: 'anonymous' },
    });
    expect(under("request.auth.uid == 'u1' && request.auth.token.admin", signedIn)).toBe(true);
    expect(under("request.auth.token.firebase.sign_in_provider == 'anonymous'", signedIn)).toBe(true);
    expect(under("request.auth.keys() == ['token','uid'] && request.auth.token.l == [1]", signedIn)).toBe(
      true,
    );
    expect(under('request.auth.token.missing == null', signedIn)).toBe(false);
  });

  it.each([
    'Bearer garbage',
    'Bearer a.b.c',
    `Bearer e30.${Buffer.from('[]').toString('base64url')}.`,
    'Basic eA==',
  ])('is refused with the header %s', (authorization) =>
    expect(() => callerOf(authorization)).toThrow('is no JWT'),
  );
});
