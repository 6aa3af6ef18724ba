import { z } from 'zod';
import { amount, currency, id, text, timestamp, url } from './fields.ts';

/** A product as kept in Firestore `catalog/{item_id}`; field names follow the Google Merchant feed where it has one. */
export const Product = z.object({
  item_id: id,
  title: text,
  brand: text.optional(),
  category: text.optional(),
  price: amount.optional(),
  currency: currency.optional(),
  in_stock: z.boolean().optional(),
  /** Not to be recommended. */
  hidden: z.boolean().optional(),
  /** Since when it is for sale; new products are shown to shoppers of their category before anybody has clicked them. */
  added_at: timestamp.optional(),
  image_link: url.optional(),
  updated_at: timestamp.optional(),
});
export type Product = z.infer<typeof Product>;
