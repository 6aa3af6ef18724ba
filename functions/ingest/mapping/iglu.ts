import { isUtf8 } from 'node:buffer';
import { parseCleanJson } from '../../../shared/clean-json.ts';
import { type Fields, fieldsOf } from '../../../shared/json.ts';
import { listOf } from './coerce.ts';

/** A self-describing JSON of Snowplow's: data under the name of its schema, `iglu:vendor/name/format/version`. */
export interface Entity {
  readonly schema: string;
  readonly vendor: string;
  readonly name: string;
  readonly data: unknown;
}

const SCHEMA = /^iglu:([\w.-]{1,200})\/([\w.-]{1,200})\/jsonschema\/\d+-\d+-\d+$/;

/** The value as an entity; undefined where it has no schema's name. */
export function entityOf(value: unknown): Entity | undefined {
  const fields = fieldsOf(value);
  const schema = fields?.schema;
  if (!fields || typeof schema !== 'string') return undefined;
  const [, vendor, name] = SCHEMA.exec(schema) ?? [];
  return vendor && name ? { schema, vendor, name, data: fields.data } : undefined;
}

/**
 * The JSON that a parameter carries: in base64, padded or not, of either alphabet, or else as text. Undefined where
 * neither is there.
 * @throws SyntaxError where it is no JSON in UTF-8.
 */
export function embeddedJson(text: unknown, encoded: unknown): unknown {
  if (typeof encoded === 'string' && encoded !== '')
    return parseCleanJson(utf8(Buffer.from(encoded, 'base64')));
  return typeof text === 'string' && text !== '' ? parseCleanJson(text) : undefined;
}

function utf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new SyntaxError('not UTF-8');
  return bytes.toString('utf8');
}

/** The entities of a `contexts` envelope, and what is none of them as it is. */
export function entitiesIn(envelope: unknown): {
  readonly entities: readonly Entity[];
  readonly others: readonly unknown[];
} {
  const entities: Entity[] = [];
  const others: unknown[] = [];
  for (const value of listOf(fieldsOf(envelope)?.data) ?? []) {
    const entity = entityOf(value);
    if (entity) entities.push(entity);
    else others.push(value);
  }
  return { entities, others };
}

/** The data of the first entity of that name, if it is an object. */
export function dataOf(entities: readonly Entity[], name: string): Fields | undefined {
  return fieldsOf(entities.find((entity) => entity.name === name)?.data);
}
