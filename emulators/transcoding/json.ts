import protobuf from 'protobufjs';
import type { Plain } from '../protos.ts';

/** What stands in the way of reading a request as JSON. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

interface WellKnown {
  toJson(value: Plain): unknown;
  /** @throws JsonError */
  fromJson(json: unknown, path: string): Plain;
}

const NANOS = 1e9;

function fraction(nanos: unknown): string {
  const digits = String(Number(nanos ?? 0)).padStart(9, '0');
  return digits === '000000000' ? '' : `.${digits.replace(/(000){1,2}$/, '')}`;
}

function nanosOf(digits = ''): number {
  return Math.round(Number(`0.${digits || '0'}`) * NANOS);
}

/** https://protobuf.dev/programming-guides/json/ */
const WELL_KNOWN: Readonly<Record<string, WellKnown>> = {
  '.google.protobuf.Duration': {
    toJson: ({ seconds = 0, nanos }) => `${seconds}${fraction(nanos)}s`,
    fromJson(json, path) {
      const [, seconds, digits] = /^(-?\d+)(?:\.(\d{1,9}))?s$/.exec(String(json)) ?? [];
      if (seconds === undefined)
        throw new JsonError(`Illegal duration format at ${path}; it is like "600s".`);
      return { seconds, nanos: nanosOf(digits) };
    },
  },
  '.google.protobuf.Timestamp': {
    toJson: ({ seconds = 0, nanos }) =>
      new Date(Number(seconds) * 1000).toISOString().replace('.000Z', `${fraction(nanos)}Z`),
    fromJson(json, path) {
      const text = String(json);
      const ms = Date.parse(text.replace(/\.\d+/, ''));
      if (typeof json !== 'string' || Number.isNaN(ms))
        throw new JsonError(`Illegal timestamp format at ${path}; it is like "2026-01-31T10:00:00Z".`);
      return { seconds: String(ms / 1000), nanos: nanosOf(/\.(\d+)/.exec(text)?.[1]) };
    },
  },
  '.google.protobuf.FieldMask': {
    toJson: ({ paths = [] }) => (paths as readonly string[]).map(camel).join(','),
    fromJson: (json) => ({
      paths: String(json)
        .split(',')
        .filter((each) => each !== '')
        .map((each) => each.trim().replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
    }),
  },
};

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/** A message as the API's JSON: bytes in base64, times and durations as text. */
export function toJson(type: protobuf.Type, value: Plain): unknown {
  const known = WELL_KNOWN[type.fullName];
  if (known) return known.toJson(value);
  const json: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    const content = value[field.name];
    if (content === undefined || content === null) continue;
    json[field.name] = shaped(field.resolve(), content, toJsonValue);
  }
  return json;
}

function toJsonValue(field: protobuf.Field, value: unknown): unknown {
  if (field.resolvedType instanceof protobuf.Type) return toJson(field.resolvedType, value as Plain);
  return field.type === 'bytes' ? Buffer.from(value as Uint8Array).toString('base64') : value;
}

/**
 * Reads a message from JSON, whose fields may be named in camelCase or snake_case.
 * @throws JsonError that names the field
 */
export function fromJson(type: protobuf.Type, json: unknown, path = ''): Plain {
  const known = WELL_KNOWN[type.fullName];
  if (known) return known.fromJson(json, path);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new JsonError(`${path || 'The request'} is not a JSON object.`);
  const value: Record<string, unknown> = {};
  for (const [name, content] of Object.entries(json)) {
    const here = path === '' ? name : `${path}.${name}`;
    const key = [name, camel(name)].find((each) => Object.hasOwn(type.fields, each));
    const field = key === undefined ? undefined : type.fields[key];
    if (!field) throw new JsonError(`Unknown name "${name}" at "${here}": Cannot find field.`);
    if (content === null) continue;
    field.resolve();
    if (field.repeated && !Array.isArray(content)) throw new JsonError(`"${here}" is a list.`);
    if (field instanceof protobuf.MapField && (typeof content !== 'object' || Array.isArray(content)))
      throw new JsonError(`"${here}" is an object.`);
    value[field.name] = shaped(field, content, (each, inner) => fromJsonValue(each, inner, here));
  }
  return value;
}

function fromJsonValue(field: protobuf.Field, json: unknown, path: string): unknown {
  const wrong = (wanted: string): never => {
    throw new JsonError(`Invalid value at "${path}": it is ${wanted}.`);
  };
  if (field.resolvedType instanceof protobuf.Type) return fromJson(field.resolvedType, json, path);
  if (field.resolvedType instanceof protobuf.Enum) {
    const { values } = field.resolvedType;
    return Object.hasOwn(values, String(json)) || Object.values(values).includes(json as number)
      ? json
      : wrong(`one of ${Object.keys(values).join(', ')}`);
  }
  switch (field.type) {
    case 'string':
      return typeof json === 'string' ? json : wrong('a string');
    case 'bool':
      return typeof json === 'boolean' ? json : wrong('true or false');
    case 'bytes':
      return typeof json === 'string' ? Buffer.from(json, 'base64') : wrong('base64');
    default:
      if (typeof json === 'boolean' || json === '' || Number.isNaN(Number(json))) return wrong('a number');
      return /64$/.test(field.type) ? String(json) : Number(json);
  }
}

/** Does `each` to a field's value, to the elements of a repeated one, or to the values of a map. */
function shaped(
  field: protobuf.Field,
  content: unknown,
  each: (field: protobuf.Field, value: unknown) => unknown,
): unknown {
  if (field instanceof protobuf.MapField) {
    return Object.fromEntries(
      Object.entries(content as Plain).map(([key, value]) => [key, each(field, value)]),
    );
  }
  if (field.repeated) return (content as readonly unknown[]).map((value) => each(field, value));
  return each(field, content);
}
