import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

/**
 * Google's clients work from `protos.json`, and carry every message a second time as generated code of 0.15–1 MB
 * (`protos.js`). Where that is only exported again, nothing takes its place.
 */
const UNREAD = [
  /@google-cloud\/(pubsub|pubsub-api|firestore-api)\/build\/src\/index\.js -> \.\.\/protos\/protos$/,
  /google-gax\/build\/src\/(index|fallback)\.js -> \.\.\/protos\/(iam_service|locations)$/,
];
/** Where its types are used, the same types made from `protos.json` take its place (reflected-protos.cjs). */
const REFLECTED = [
  /@google-cloud\/firestore\/build\/protos\/firestore_v1_proto_api\.js -> (@google-cloud\/firestore-api\/build\/protos)\/protos$/,
  /@google-cloud\/bigquery-storage\/build\/src\/adapt\/\w+\.js -> (\.\.\/\.\.\/protos)\/protos$/,
];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const REFLECT = fileURLToPath(new URL('reflected-protos.cjs', import.meta.url));

/** Leaves the generated form of messages out of a bundle. */
export const withoutStaticProtos: Plugin = {
  name: 'without-static-protos',
  setup(build) {
    build.onResolve({ filter: /\/protos\/\w+$/ }, async ({ importer, path, resolveDir, kind }) => {
      const step = `${importer.replaceAll('\\', '/')} -> ${path}`;
      if (UNREAD.some((rule) => rule.test(step))) return { path: 'none', namespace: 'unread-protos' };
      if (!REFLECTED.some((rule) => rule.test(step))) return undefined;
      const json = await build.resolve(`${path}.json`, { resolveDir, kind });
      // Source maps have this path: it must be none of the machine that builds.
      return {
        ...json,
        path: relative(ROOT, json.path),
        namespace: 'reflected-protos',
        pluginData: json.path,
      };
    });
    build.onLoad({ filter: /.*/, namespace: 'unread-protos' }, () => ({ contents: 'module.exports = {};' }));
    build.onLoad({ filter: /.*/, namespace: 'reflected-protos' }, ({ pluginData }) => ({
      contents: `module.exports = require(${JSON.stringify(REFLECT)})(require(${JSON.stringify(pluginData)}));`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    }));
  },
};
