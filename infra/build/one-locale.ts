import type { Plugin } from 'esbuild';

/**
 * zod's messages in English alone: its namespace `z` names every language, some 0.3 MB, which no bundler can tell from what
 * is used.
 */
export const oneLocale: Plugin = {
  name: 'one-locale',
  setup(build) {
    build.onResolve({ filter: /locales\/index\.js$/ }, ({ importer, resolveDir }) =>
      /node_modules\/zod\/v4\/(classic|core|mini)\//.test(importer.replaceAll('\\', '/'))
        ? { path: 'zod-locales', namespace: 'one-locale', pluginData: resolveDir }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'one-locale' }, ({ pluginData }) => ({
      contents: "export { default as en } from '../locales/en.js';",
      resolveDir: String(pluginData),
    }));
  },
};
