import { z } from 'zod';

/** What is known of items and places beside clicks: `shelves.json` of an artifact. */
export const Shelves = z.object({
  items: z.array(
    z.object({
      item_id: z.string(),
      category: z.string().optional(),
      brand: z.string().optional(),
      price: z.number().optional(),
    }),
  ),
  /** Item ids by country, the most popular of late first. */
  countries: z.record(z.string(), z.array(z.string())),
});
export type Shelves = z.infer<typeof Shelves>;

export const NO_SHELVES: Shelves = { items: [], countries: {} };
