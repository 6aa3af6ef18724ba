import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const PROTO_LOADER = fileURLToPath(new URL('lean-proto-loader.cjs', import.meta.url));

/**
 * What each client of Google's makes beside itself at its start, of clients for policies and for places, which no function asks
 * anything: their messages are read as the client's own are.
 */
const SIDE_CLIENTS: Readonly<Record<string, string>> = {
  './iamService': 'IamClient',
  './locationService': 'LocationsClient',
};

/** Lets Google's gRPC clients start with what their calls need. */
export const leanClients: Plugin = {
  name: 'lean-clients',
  setup(build) {
    build.onResolve({ filter: /^@grpc\/proto-loader$/ }, ({ importer }) =>
      isGax(importer) ? { path: PROTO_LOADER } : undefined,
    );
    build.onResolve({ filter: /^\.\/(iam|location)Service$/ }, ({ importer, path }) =>
      isGax(importer) ? { path, namespace: 'side-clients' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'side-clients' }, ({ path }) => {
      const name = SIDE_CLIENTS[path];
      return { contents: `exports.${name} = class ${name} { async close() {} };` };
    });
  },
};

function isGax(importer: string): boolean {
  return /\/google-gax\/build\/src\/\w+\.js$/.test(importer.replaceAll('\\', '/'));
}
