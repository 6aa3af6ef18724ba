import type { z } from 'zod';
import { Product } from '../../../shared/events.ts';

/** What a record tells of one product; fields it does not tell of stay as they are. */
export const ProductPatch = Product.omit({ updated_at: true }).partial().required({ item_id: true });
export type ProductPatch = z.infer<typeof ProductPatch>;

type Fields = Readonly<Record<string, unknown>>;

const IN_STOCK = /^(in[ _-]?stock|preorder|pre[ _-]order|backorder|true|yes|1)$/i;
const OUT_OF_STOCK = /^(out[ _-]?of[ _-]?stock|sold[ _-]?out|discontinued|false|no|0)$/i;

/**
 * A product's record, in the fields of the Google Merchant feed
 * (https://support.google.com/merchants/answer/7052112) or of the Retail API's Product
 * (https://cloud.google.com/retail/docs/reference/rest/v2/projects.locations.catalogs.branches.products).
 */
export function productOf(record: Fields): z.ZodSafeParseResult<ProductPatch> {
  const found = Object.fromEntries(
    Object.entries({
      item_id: text(record, 'id', 'item_id', 'offerId', 'offer_id', 'sku', 'product_id'),
      title: text(record, 'title', 'item_name', 'name'),
      brand: text(record, 'brand', 'brands', 'item_brand'),
      category: text(
        record,
        'product_type',
        'productType',
        'productTypes',
        'category',
        'categories',
        'google_product_category',
      ),
      ...priceOf(record),
      in_stock: stockOf(record),
      hidden: flagOf(record.hidden),
      added_at: timeOf(record, 'added_at', 'created_at', 'availableTime', 'publishTime'),
      image_link: text(record, 'image_link', 'imageLink', 'image', 'images'),
    }).filter(([, value]) => value !== undefined),
  );
  return ProductPatch.safeParse(found);
}

/** The first of these fields that is not empty; of a list its first element, of an image its `uri`. */
function text(record: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value: unknown = Array.isArray(record[name]) ? (record[name] as unknown[])[0] : record[name];
    const inner: unknown =
      value !== null && typeof value === 'object' && 'uri' in value ? (value as { uri: unknown }).uri : value;
    if (typeof inner === 'number' || (typeof inner === 'string' && inner.trim() !== '')) {
      return String(inner).trim();
    }
  }
  return undefined;
}

/** `12.50 EUR`, a number beside a currency, or `priceInfo`; a sale's price before the usual one. */
function priceOf(record: Fields): { price?: unknown; currency?: unknown } {
  const info = record.priceInfo ?? record.price_info;
  if (info !== null && typeof info === 'object') {
    const { price, currencyCode, currency_code } = info as Fields;
    const currency = currencyCode ?? currency_code;
    return { ...(price === undefined ? {} : { price }), ...(currency === undefined ? {} : { currency }) };
  }
  const told = text(record, 'sale_price', 'salePrice', 'price');
  if (told === undefined) return {};
  const [, number = told, unit = text(record, 'currency', 'currencyCode')] =
    /^([\d.,]+)\s*([A-Za-z]{3})?$/.exec(told) ?? [];
  const price = Number(number.replace(/,(?=\d{3}(\D|$))/g, '').replace(',', '.'));
  return { price: Number.isNaN(price) ? told : price, ...(unit === undefined ? {} : { currency: unit }) };
}

/** What is neither in stock nor out of it is left for the schema to refuse. */
function stockOf(record: Fields): unknown {
  const told = record.in_stock ?? record.availability ?? record.availabilityStatus;
  if (told === undefined || told === null || told === '') {
    const quantity = Number(
      text(record, 'availableQuantity', 'available_quantity', 'quantity') ?? Number.NaN,
    );
    return Number.isNaN(quantity) ? undefined : quantity > 0;
  }
  if (typeof told === 'object') return told;
  if (IN_STOCK.test(String(told))) return true;
  return OUT_OF_STOCK.test(String(told)) ? false : told;
}

/** A yes or no in the words of a feed; what is neither is left for the schema to refuse. */
function flagOf(told: unknown): unknown {
  if (told === undefined || told === null || told === '') return undefined;
  if (typeof told === 'object') return told;
  if (/^(true|yes|1)$/i.test(String(told))) return true;
  return /^(false|no|0)$/i.test(String(told)) ? false : told;
}

/** The first of these times, in RFC 3339; what is no time is left for the schema to refuse. */
function timeOf(record: Fields, ...names: readonly string[]): string | undefined {
  const told = text(record, ...names);
  const time = Date.parse(told ?? '');
  return Number.isNaN(time) ? told : new Date(time).toISOString();
}
