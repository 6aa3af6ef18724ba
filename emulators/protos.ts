import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import protobuf from 'protobufjs';

/** A message as a plain object, fields in camelCase, enums and longs as strings. */
export type Plain = Readonly<Record<string, unknown>>;

/** The protos inside one of Google's client packages. */
export interface Protos {
  service(name: string): ServiceDefinition;
  /** A message's bytes. */
  message(type: string, message: Plain): Buffer;
  /** Packs a message as google.protobuf.Any. */
  any(type: string, message: Plain): { readonly type_url: string; readonly value: Buffer };
  /** What was loaded, for reflection. */
  readonly root: protobuf.Root;
}

const FORM = { longs: String, enums: String, bytes: Buffer, defaults: false } as const;

/**
 * Loads the protos of a package, from the file it ships.
 * @param file as `@google-cloud/aiplatform/build/protos/protos.json`
 */
export function loadProtos(file: string): Protos {
  const json = JSON.parse(readFileSync(installed(file), 'utf8')) as protobuf.INamespace;
  const root = protobuf.Root.fromJSON(withoutBeta(json));
  const codec = (name: string) => {
    const type = root.lookupType(name);
    return {
      serialize: (value: Plain) => Buffer.from(type.encode(type.fromObject(value)).finish()),
      deserialize: (bytes: Buffer): Plain => type.toObject(type.decode(bytes), FORM),
    };
  };
  return {
    root,
    service(name) {
      const service = root.lookupService(name);
      const methods = service.methodsArray.map((method): [string, MethodDefinition<Plain, Plain>] => {
        const request = codec(qualified(service, method.requestType));
        const response = codec(qualified(service, method.responseType));
        return [
          method.name,
          {
            path: `/${name}/${method.name}`,
            requestStream: method.requestStream ?? false,
            responseStream: method.responseStream ?? false,
            requestSerialize: request.serialize,
            requestDeserialize: request.deserialize,
            responseSerialize: response.serialize,
            responseDeserialize: response.deserialize,
          },
        ];
      });
      return Object.fromEntries(methods);
    },
    message: (type, message) => codec(type).serialize(message),
    any: (type, message) => ({
      type_url: `type.googleapis.com/${type}`,
      value: codec(type).serialize(message),
    }),
  };
}

/** A package's file, whether its `exports` name it or not. */
function installed(file: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(file) ?? [];
  const path = folders.map((folder) => join(folder, file)).find((each) => existsSync(each));
  if (path === undefined) throw new Error(`${file} is not installed: run npm ci`);
  return path;
}

/** A method names its types from inside its service's package. */
function qualified(service: protobuf.Service, name: string): string {
  return service.lookupType(name).fullName.replace(/^\./, '');
}

/** The beta API is half of the file, and is not served. */
function withoutBeta(json: protobuf.INamespace): protobuf.INamespace {
  const aiplatform = (json.nested?.google as protobuf.INamespace | undefined)?.nested?.cloud as
    | protobuf.INamespace
    | undefined;
  const versions = aiplatform?.nested?.aiplatform as protobuf.INamespace | undefined;
  delete versions?.nested?.v1beta1;
  return json;
}
