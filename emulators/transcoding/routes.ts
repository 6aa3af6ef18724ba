import type protobuf from 'protobufjs';
import type { Plain } from '../protos.ts';
import { fromJson, JsonError, toJson } from './json.ts';

/** A method as REST knows it, by the `google.api.http` annotation of its proto. */
export interface RestRoute {
  readonly service: string;
  readonly method: string;
  readonly verb: 'get' | 'put' | 'post' | 'patch' | 'delete';
  /** Whole paths of the method; a group for each part that is a field of the request. */
  readonly path: RegExp;
  /** @throws JsonError */
  request(match: RegExpExecArray, query: URLSearchParams, body: unknown): Plain;
  response(value: Plain): unknown;
}

const VERBS = ['get', 'put', 'post', 'patch', 'delete'] as const;

/**
 * The REST routes of a service, as its protos declare them.
 * https://google.aip.dev/127, https://github.com/googleapis/googleapis/blob/master/google/api/http.proto
 */
export function restRoutes(root: protobuf.Root, name: string): readonly RestRoute[] {
  const service = root.lookupService(name);
  return service.methodsArray.flatMap((method) =>
    VERBS.flatMap((verb): RestRoute[] => {
      const template = method.options?.[`(google.api.http).${verb}`] as string | undefined;
      if (template === undefined) return [];
      const requestType = service.lookupType(method.requestType);
      const responseType = service.lookupType(method.responseType);
      const { path, fields } = compile(template);
      const whole = method.options?.['(google.api.http).body'] === '*';
      return [
        {
          service: name,
          method: method.name,
          verb,
          path,
          request(match, query, body) {
            const json = whole ? structuredClone(body ?? {}) : {};
            if (typeof json !== 'object' || json === null)
              throw new JsonError('The request is not a JSON object.');
            for (const [key, value] of query)
              if (Object.hasOwn(requestType.fields, key)) place(json, key, value);
            fields.forEach((field, index) => {
              place(json, field, decoded(match[index + 1] ?? ''));
            });
            return fromJson(requestType, json);
          },
          response: (value) => toJson(responseType, value),
        },
      ];
    }),
  );
}

/** A template such as `/v1/{project=projects/*}` as pattern and field paths. */
function compile(template: string): { readonly path: RegExp; readonly fields: readonly string[] } {
  const fields: string[] = [];
  const pattern = template.split(/(\{[^}]+\})/).map((part) => {
    const [, field, shape] = /^\{([^=]+)=(.+)\}$/.exec(part) ?? [];
    if (field === undefined || shape === undefined) return part;
    fields.push(field);
    return `(${shape.replaceAll(/\*\*?/g, (stars) => (stars === '*' ? '[^/:]+' : '[^:]+'))})`;
  });
  return { path: new RegExp(`^${pattern.join('')}$`), fields };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new JsonError(`"${part}" is not well encoded.`);
  }
}

/** Sets `a.b` in nested objects. */
function place(json: object, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let at = json as Record<string, unknown>;
  for (const name of names) {
    const next = at[name];
    const inner = typeof next === 'object' && next !== null ? next : {};
    at[name] = inner;
    at = inner as Record<string, unknown>;
  }
  at[last] = value;
}
