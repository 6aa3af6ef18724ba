import type { Fields } from '../../../shared/json.ts';
import { compact, definedOrNone, listOf, numeric, textual } from './coerce.ts';
import type { ProductMapping } from './products.ts';

/** Fields of an event that e-commerce vocabularies tell of in one value. */
type CommerceField = 'value' | 'currency' | 'transaction_id' | 'search_term' | 'recommendation_id';

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
  const rest: Record<string, unknown> = { ...properties };
  const event: Record<string, unknown> = {};
  for (const [field, names] of Object.entries(mapping.fields)) {
    const value = take(rest, names);
    event[field] = field === 'value' ? numeric(value) : textual(value);
  }
  const list = take(rest, mapping.lists);
  if (list !== undefined) {
    const products = listOf(list);
    event.items = products ? products.map((product) => mapping.products.item(product)) : list;
  } else {
    const item = mapping.products.itemWithin(rest);
    if (item) {
      for (const name of mapping.products.names) delete rest[name];
      event.items = [item];
    }
  }
  return compact({ ...event, properties: definedOrNone(rest) });
}

/** Takes the first of the named fields that has a value out. */
function take(fields: Record<string, unknown>, names: readonly string[]): unknown {
  for (const name of names) {
    const value = fields[name];
    if (value === undefined || value === null || value === '') continue;
    delete fields[name];
    return value;
  }
  return undefined;
}
