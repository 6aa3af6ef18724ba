import type { Json } from '../../../shared/json.ts';
import type { Plain } from '../../protos.ts';

/** google.protobuf.Value as a plain object → JSON. https://protobuf.dev/reference/protobuf/google.protobuf/#value */
export function fromValue(value: Plain): Json {
  if ('structValue' in value) {
    const { fields = {} } = value.structValue as { fields?: Record<string, Plain> };
    return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, fromValue(field)]));
  }
  if ('listValue' in value) {
    const { values = [] } = value.listValue as { values?: readonly Plain[] };
    return values.map(fromValue);
  }
  if ('stringValue' in value) return String(value.stringValue);
  if ('numberValue' in value) return Number(value.numberValue);
  if ('boolValue' in value) return value.boolValue === true;
  return null;
}

/** JSON → google.protobuf.Value as a plain object. */
export function toValue(json: Json): Plain {
  if (json === null) return { nullValue: 'NULL_VALUE' };
  if (typeof json === 'string') return { stringValue: json };
  if (typeof json === 'number') return { numberValue: json };
  if (typeof json === 'boolean') return { boolValue: json };
  if (Array.isArray(json)) return { listValue: { values: json.map(toValue) } };
  const fields = Object.entries(json).map(([key, field]) => [key, toValue(field)]);
  return { structValue: { fields: Object.fromEntries(fields) } };
}
