import { z } from 'zod';
import type { Shelves } from '../../model/shelves.ts';

/** A row of `infra/bigquery/training/items.sql`. */
const ItemRow = z.object({
  item_id: z.string(),
  category: z.string().nullish(),
  brand: z.string().nullish(),
  price: z.coerce.number().nullish(),
});

/** A row of `infra/bigquery/training/countries.sql`. */
const CountryRow = z.object({ country: z.string(), item_id: z.string() });

/** Shelves from the rows of the two queries, as they stream. */
export async function shelvesOf(
  itemRows: AsyncIterable<unknown>,
  countryRows: AsyncIterable<unknown>,
): Promise<Shelves> {
  const items: Shelves['items'] = [];
  for await (const row of itemRows) {
    const { item_id, category, brand, price } = ItemRow.parse(row);
    items.push({
      item_id,
      ...(category != null && { category }),
      ...(brand != null && { brand }),
      ...(price != null && { price }),
    });
  }
  const countries: Record<string, string[]> = {};
  for await (const row of countryRows) {
    const { country, item_id } = CountryRow.parse(row);
    countries[country] = [...(countries[country] ?? []), item_id];
  }
  return { items, countries };
}
