import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import type protobuf from 'protobufjs';
import { pruneProtos } from './pruned-protos.ts';

/**
 * Google's clients work from `protos.json`, and carry every message a second time as generated code of 0.15–1 MB
 * (`protos.js`). Where that is only exported again, nothing takes its place.
 */
const UNREAD = [
  /@google-cloud\/(pubsub|pubsub-api|firestore-api)\/build\/src\/index\.js -> \.\.\/protos\/protos$/,
  /google-gax\/build\/src\/(index|fallback)\.js -> \.\.\/protos\/(iam_service|locations)$/,
];
/**
 * Where its types are used, the same types made from `protos.json` take their place (reflected-protos.cjs): those with the names
 * here, which the importer uses, and what they lead to.
 */
const REFLECTED: readonly { readonly rule: RegExp; readonly names: readonly string[] }[] = [
  {
    rule: /@google-cloud\/firestore\/build\/protos\/firestore_v1_proto_api\.js -> (@google-cloud\/firestore-api\/build\/protos)\/protos$/,
    names: ['google.firestore.v1.Document'],
  },
  {
    rule: /@google-cloud\/bigquery-storage\/build\/src\/adapt\/\w+\.js -> (\.\.\/\.\.\/protos)\/protos$/,
    names: ['google.cloud.bigquery.storage.v1.TableSchema', 'google.protobuf.FileDescriptorSet'],
  },
  {
    rule: /google-gax\/build\/src\/(index|fallback|longRunningCalls\/longrunning)\.js -> (\.\.\/)+protos\/operations$/,
    names: ['google.longrunning.Operations'],
  },
];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const REFLECT = fileURLToPath(new URL('reflected-protos.cjs', import.meta.url));

/** The types that a module is given, and where they are described. */
interface Reflected {
  readonly json: string;
  readonly names: readonly string[];
}

/** Leaves the generated form of messages out of a bundle. */
export const withoutStaticProtos: Plugin = {
  name: 'without-static-protos',
  setup(build) {
    build.onResolve({ filter: /\/protos\/\w+$/ }, async ({ importer, path, resolveDir, kind }) => {
      const step = `${importer.replaceAll('\\', '/')} -> ${path}`;
      if (UNREAD.some((rule) => rule.test(step))) return { path: 'none', namespace: 'unread-protos' };
      const reflected = REFLECTED.find(({ rule }) => rule.test(step));
      if (!reflected) return undefined;
      const json = await build.resolve(`${path}.json`, { resolveDir, kind });
      // Source maps have this path: it must be none of the machine that builds.
      return {
        ...json,
        path: relative(ROOT, json.path),
        namespace: 'reflected-protos',
        pluginData: { json: json.path, names: reflected.names } satisfies Reflected,
      };
    });
    build.onLoad({ filter: /.*/, namespace: 'unread-protos' }, () => ({ contents: 'module.exports = {};' }));
    build.onLoad({ filter: /.*/, namespace: 'reflected-protos' }, async ({ pluginData }) => {
      const { json, names } = pluginData as Reflected;
      const protos = pruneProtos(JSON.parse(await readFile(json, 'utf8')) as protobuf.INamespace, names);
      return {
        contents: `module.exports = require(${JSON.stringify(REFLECT)})(${JSON.stringify(protos)});`,
        resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      };
    });
  },
};
