import { type Fields, fieldsOf } from '../../../shared/json.ts';
import { compact, firstOf, numeric, textual, without } from './coerce.ts';

/** The fields of a canonical item. */
type ItemField =
  | 'item_id'
  | 'item_name'
  | 'item_brand'
  | 'item_category'
  | 'item_variant'
  | 'price'
  | 'quantity'
  | 'index'
  | 'item_list_id';

const NUMBERS: ReadonlySet<string> = new Set(['price', 'quantity', 'index']);

/** A vocabulary's names for the fields of an item, in order of preference. */
export type ProductNames = Readonly<Partial<Record<ItemField, readonly string[]>>>;

/** Turns a vocabulary's products into canonical items. */
export interface ProductMapping {
  /** The item a product is. Fields that an item does not have stay on it, for `keepUnknown`. What is no object stays. */
  item(product: unknown): unknown;
  /** The item that fields of an event tell of, but for those named `taken`; undefined where they name none. */
  itemWithin(fields: Fields, taken: readonly string[]): Record<string, unknown> | undefined;
  /** Names of the fields that `itemWithin` reads. */
  readonly names: ReadonlySet<string>;
}

/** @param products the vocabulary's names, as data */
export function makeProductMapping(products: ProductNames): ProductMapping {
  const columns = Object.entries(products).map(([field, names]) => ({
    field,
    names,
    read: NUMBERS.has(field) ? numeric : textual,
  }));
  const names = new Set(columns.flatMap((column) => column.names));
  const fill = (item: Record<string, unknown>, product: Fields, taken: readonly string[]): void => {
    for (const column of columns) {
      const value = column.read(firstOf(product, column.names, taken));
      if (value !== undefined) item[column.field] = value;
    }
  };
  return {
    names,
    item(product) {
      const fields = fieldsOf(product);
      if (!fields) return product;
      const item = compact(without(fields, names));
      fill(item, fields, []);
      return item;
    },
    itemWithin(fields, taken) {
      const item: Record<string, unknown> = {};
      fill(item, fields, taken);
      return item.item_id === undefined ? undefined : item;
    },
  };
}
