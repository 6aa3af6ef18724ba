import type { Fields } from '../../../shared/json.ts';
import { firstNamed, listOf, numeric, textual } from './coerce.ts';
import type { ProductMapping } from './products.ts';

/** Fields of an event that e-commerce vocabularies tell of in one value. */
const FIELDS = ['value', 'currency', 'transaction_id', 'search_term', 'recommendation_id'] as const;
type CommerceField = (typeof FIELDS)[number];

/** A vocabulary's names for them, in order of preference. */
export type CommerceNames = Readonly<Record<CommerceField, readonly string[]>>;

export interface CommerceMapping {
  readonly fields: CommerceNames;
  readonly products: ProductMapping;
  /** Names of the list of products, in order of preference. */
  readonly lists: readonly string[];
}

/**
 * The canonical fields of an e-commerce event, taken out of its properties; what remains is under `properties`. Products
 * are those of the list, else the one that the properties themselves tell of.
 */
export function commerceFields(properties: Fields, mapping: CommerceMapping): Record<string, unknown> {
  const taken: string[] = [];
  /** Takes the first of the named fields that has a value. */
  const take = (names: readonly string[]): unknown => {
    const name = firstNamed(properties, names, taken);
    if (name === undefined) return undefined;
    taken.push(name);
    return properties[name];
  };
  const event: Record<string, unknown> = {};
  for (const field of FIELDS) {
    const value = take(mapping.fields[field]);
    const read = field === 'value' ? numeric(value) : textual(value);
    if (read !== undefined) event[field] = read;
  }
  const list = take(mapping.lists);
  const item = list === undefined ? mapping.products.itemWithin(properties, taken) : undefined;
  if (list !== undefined) event.items = listOf(list)?.map((each) => mapping.products.item(each)) ?? list;
  else if (item) event.items = [item];
  const rest = restOf(properties, taken, item ? mapping.products.names : NONE);
  if (rest) event.properties = rest;
  return event;
}

const NONE: ReadonlySet<string> = new Set();

/** What was not taken, in one pass; an object that fields are deleted from would be slow ever after. */
function restOf(
  properties: Fields,
  taken: readonly string[],
  names: ReadonlySet<string>,
): Fields | undefined {
  let rest: Record<string, unknown> | undefined;
  for (const name in properties) {
    const value = properties[name];
    if (value === undefined || taken.includes(name) || names.has(name)) continue;
    rest ??= {};
    rest[name] = value;
  }
  return rest;
}
