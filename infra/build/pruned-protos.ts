import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import protobuf from 'protobufjs';

/** A client of one service, which imports the messages of all services of its product. */
const CLIENT =
  /@google-cloud\/(aiplatform|bigquery-storage|firestore-api|pubsub-api)\/build\/src\/v1\/\w+_client\.js$/;
/** How such a client names what it needs, in quotes: its service, and what its long-running operations answer. */
const NAMED = /'\.?(google\.[\w.]+)'/g;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The files of a client that is given fewer messages. */
interface Pruned {
  readonly client: string;
  readonly protos: string;
}

/**
 * Gives a client the messages that its service can reach, of those of all services of its product, 4 MB for Vertex AI: reading
 * them is most of the time that a client takes to start.
 */
export const withPrunedProtos: Plugin = {
  name: 'pruned-protos',
  setup(build) {
    build.onResolve(
      { filter: /\/protos\/protos\.json$/ },
      async ({ importer, path, resolveDir, kind, pluginData }) => {
        if (pluginData === 'pruned' || !CLIENT.test(importer.replaceAll('\\', '/'))) return undefined;
        const json = await build.resolve(path, { resolveDir, kind, pluginData: 'pruned' });
        // Source maps have this path: it must be none of the machine that builds.
        return {
          path: relative(ROOT, importer),
          namespace: 'pruned-protos',
          pluginData: { client: importer, protos: json.path } satisfies Pruned,
        };
      },
    );
    build.onLoad({ filter: /.*/, namespace: 'pruned-protos' }, async ({ pluginData }) => {
      const files = pluginData as Pruned;
      const client = await readFile(files.client, 'utf8');
      const names = [...client.matchAll(NAMED)].map(([, name = '']) => name);
      const protos = JSON.parse(await readFile(files.protos, 'utf8')) as protobuf.INamespace;
      return { contents: JSON.stringify(pruneProtos(protos, names)), loader: 'json' };
    });
  },
};

/**
 * The messages, enumerations and services that these names lead to, by the fields of one and the methods of the other; names
 * that are nothing of the kind are passed over. Reflection as of protobuf.js: https://protobufjs.github.io/protobuf.js/
 */
export function pruneProtos(protos: protobuf.INamespace, names: readonly string[]): protobuf.INamespace {
  const root = protobuf.Root.fromJSON(structuredClone(protos)).resolveAll();
  const kept = new Set<protobuf.ReflectionObject>();
  const keep = (object: protobuf.ReflectionObject | null): void => {
    if (!object || kept.has(object)) return;
    kept.add(object);
    if (object instanceof protobuf.Type) {
      for (const field of object.fieldsArray) keep(field.resolvedType);
      for (const nested of object.nestedArray) keep(nested);
    }
    if (object instanceof protobuf.Service) {
      for (const method of object.methodsArray) {
        keep(method.resolvedRequestType);
        keep(method.resolvedResponseType);
      }
    }
  };
  for (const name of names) keep(root.lookup(name, [protobuf.Type, protobuf.Enum, protobuf.Service]));
  return filtered(protos, root, kept);
}

function filtered(
  json: protobuf.INamespace,
  namespace: protobuf.NamespaceBase,
  kept: ReadonlySet<protobuf.ReflectionObject>,
): protobuf.INamespace {
  const nested: Record<string, protobuf.AnyNestedObject> = {};
  for (const [name, child] of Object.entries(json.nested ?? {})) {
    const object = namespace.get(name);
    if (object && kept.has(object)) nested[name] = child;
    else if (
      object instanceof protobuf.Namespace &&
      !(object instanceof protobuf.Type || object instanceof protobuf.Service)
    ) {
      const inner = filtered(child as protobuf.INamespace, object, kept);
      if (Object.keys(inner.nested ?? {}).length > 0) nested[name] = inner;
    }
  }
  return { ...json, nested };
}
