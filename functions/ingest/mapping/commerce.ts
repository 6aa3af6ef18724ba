import type { Fields } from '../../../shared/json.ts';
import { compact, definedOrNone, listOf, numeric, textual, without } from './coerce.ts';
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
  const taken = new Set<string>();
  /** Takes the first of the named fields that has a value. */
  const take = (names: readonly string[]): unknown => {
    for (const name of names) {
      const value = properties[name];
      if (value === undefined || value === null || value === '' || taken.has(name)) continue;
      taken.add(name);
      return value;
    }
    return undefined;
  };
  const event: Record<string, unknown> = {};
  for (const [field, names] of Object.entries(mapping.fields)) {
    const value = take(names);
    event[field] = field === 'value' ? numeric(value) : textual(value);
  }
  const list = take(mapping.lists);
  // Copies without what was taken: an object that fields are deleted from is slow ever after.
  let rest = without(properties, taken);
  if (list !== undefined) {
    const products = listOf(list);
    event.items = products ? products.map((product) => mapping.products.item(product)) : list;
  } else {
    const item = mapping.products.itemWithin(rest);
    if (item) {
      rest = without(rest, mapping.products.names);
      event.items = [item];
    }
  }
  return compact({ ...event, properties: definedOrNone(rest) });
}
