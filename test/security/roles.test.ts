import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FUNCTIONS, type FunctionSpec } from '../../shared/pipeline.ts';

/** Every module of this repository that a function loads, and every package. */
function importsOf(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(file, 'utf8').replace(/import type [^;]+;/g, '');
  for (const [, clause = '', path = ''] of source.matchAll(
    /(?:import|export)\s*([^'";]*?)\s*(?:from\s*)?\(?'([^']+)'/g,
  )) {
    const named = /^\{([^}]*)\}$/
      .exec(clause)?.[1]
      ?.split(',')
      .filter((each) => each.trim() !== '');
    if (named?.every((each) => each.trim().startsWith('type '))) continue;
    if (path.startsWith('.')) {
      const target = resolve(dirname(file), path);
      if (target.endsWith('.ts')) importsOf(target, seen);
    } else seen.add(path);
  }
  return seen;
}

/** Which client a function may hold for which roles; the first of each list suffices to read. */
const NEEDED: readonly { readonly client: RegExp; readonly roles: readonly string[] }[] = [
  { client: /^@google-cloud\/pubsub/, roles: ['roles/pubsub.publisher'] },
  { client: /^@google-cloud\/firestore/, roles: ['roles/datastore.viewer', 'roles/datastore.user'] },
  { client: /^@google-cloud\/bigquery$/, roles: ['roles/bigquery.jobUser'] },
  {
    client: /^@google-cloud\/bigquery(-storage)?(\/|$)/,
    roles: ['roles/bigquery.dataViewer', 'roles/bigquery.dataEditor'],
  },
  {
    client: /^@google-cloud\/storage/,
    roles: ['roles/storage.objectViewer', 'roles/storage.objectCreator', 'roles/storage.objectAdmin'],
  },
  { client: /^@google-cloud\/aiplatform/, roles: ['roles/aiplatform.user'] },
  { client: /^firebase-admin\/messaging/, roles: ['roles/firebasecloudmessaging.admin'] },
];

/** Ingest and inbox are one module with two targets; neither has stores. */
const sourceOf = ({ source }: FunctionSpec): string => resolve('functions', source, 'index.ts');

describe.each(FUNCTIONS)('the account of $name', (spec) => {
  const packages = [...importsOf(sourceOf(spec))].filter((each) => !each.startsWith('/'));
  const clients = NEEDED.filter(({ client }) => packages.some((each) => client.test(each)));

  test('has one role for each service that the function talks to', () => {
    for (const { client, roles } of clients) {
      expect([client.source, spec.roles.filter((role) => roles.includes(role)).length]).toEqual([
        client.source,
        1,
      ]);
    }
  });

  test('has no role for a service that it does not talk to', () => {
    const needed = new Set(clients.flatMap(({ roles }) => roles));
    expect(spec.roles.filter((role) => !needed.has(role))).toEqual([]);
  });

  test('has no role over a whole project, nor one that gives roles', () => {
    expect(
      spec.roles.filter(
        (role) =>
          /owner|editor$|iam\.|serviceAccount|projectIamAdmin/.test(role) && !role.endsWith('dataEditor'),
      ),
    ).toEqual([]);
  });
});

test('the imports are really found', () => {
  const packagesOf = (name: string) =>
    [...importsOf(resolve('functions', name, 'index.ts'))].filter((each) => !each.startsWith('/'));
  expect(packagesOf('train')).toEqual(
    expect.arrayContaining([
      '@google-cloud/bigquery',
      '@google-cloud/storage',
      '@google-cloud/firestore',
      '@google-cloud/pubsub',
    ]),
  );
  expect(packagesOf('recommend').some((each) => each.startsWith('@google-cloud/aiplatform'))).toBe(true);
  expect(packagesOf('push').some((each) => each.startsWith('firebase-admin'))).toBe(true);
  expect(packagesOf('ingest')).not.toContain('@google-cloud/storage');
});

test('the world may call ingest and nothing else', () => {
  const open = FUNCTIONS.filter(({ triggers }) =>
    triggers.some((trigger) => trigger.kind === 'http' && trigger.public),
  );
  expect(open.map(({ name }) => name)).toEqual(['ingest']);
});

test('secrets are held by those who need them alone', () => {
  const holders = (secret: string) =>
    FUNCTIONS.filter(({ secrets }) => secrets.includes(secret)).map(({ name }) => name);
  expect(holders('WRITE_KEYS')).toEqual(['ingest']);
  expect(holders('PSEUDONYM_KEY')).toEqual(['load', 'enrich', 'forget']);
});
