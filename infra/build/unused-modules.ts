import type { Plugin } from 'esbuild';

/** Modules that are imported and never used here, as `importer -> what it asks for`. */
const UNUSED = [
  // Clients of administrators and subscribers, each with its configuration, beside those that functions call.
  /@google-cloud\/firestore-api\/build\/src\/v1\/index\.js -> \.\/firestore_admin_client$/,
  /@google-cloud\/pubsub-api\/build\/src\/v1\/index\.js -> \.\/(subscriber|schema_service)_client$/,
  // What Node.js has had since version 18.
  /fetch-blob\/streams\.cjs -> web-streams-polyfill\//,
];

/** Leaves them out of a bundle: whatever asks for one gets an object without members. */
export const withoutUnusedModules: Plugin = {
  name: 'without-unused-modules',
  setup(build) {
    build.onResolve({ filter: /_client$|^web-streams-polyfill/ }, ({ importer, path }) =>
      UNUSED.some((rule) => rule.test(`${importer.replaceAll('\\', '/')} -> ${path}`))
        ? { path: 'none', namespace: 'unused-modules' }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'unused-modules' }, () => ({ contents: 'module.exports = {};' }));
  },
};
