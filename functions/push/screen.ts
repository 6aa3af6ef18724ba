import type { Product, Recommendation } from '../../shared/events.ts';

/** An item as the page shows it: the recommendation, with what the catalogue knows. */
export type ScreenItem = Recommendation['items'][number] &
  Partial<Pick<Product, 'title' | 'price' | 'currency' | 'image_link'>>;

/** The document `recommendations/{visitor}`, which the visitor's page listens to. Times are RFC 3339. */
export interface Screen {
  readonly recommendation_id: string;
  readonly generated_at: string;
  /** Best first. */
  readonly items: readonly ScreenItem[];
  readonly source: Recommendation['source'];
  readonly model_version: string;
  readonly trigger: Recommendation['trigger'];
  readonly experiment?: Recommendation['experiment'];
  readonly written_at: string;
  /** When Firestore's TTL policy may delete the document. */
  readonly expires_at: Date;
  /** When the visitor's devices were last messaged; absent where this write does not change it. */
  readonly notified_at?: string;
}

export interface ScreenOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How long the document lives without a newer one. Milliseconds. */
  readonly keepMs: number;
  readonly products: ReadonlyMap<string, Product>;
  /** Whether this write is followed by a message to the visitor's devices. */
  readonly notifies: boolean;
}

export function makeScreen(recommendation: Recommendation, options: ScreenOptions): Screen {
  const { now, keepMs, products, notifies } = options;
  const { recommendation_id, generated_at, items, source, model_version, trigger, experiment } =
    recommendation;
  const written_at = new Date(now).toISOString();
  return {
    recommendation_id,
    generated_at,
    items: items.map((item) => ({ ...item, ...shown(products.get(item.item_id)) })),
    source,
    model_version,
    trigger,
    ...(experiment ? { experiment } : {}),
    written_at,
    expires_at: new Date(now + keepMs),
    ...(notifies ? { notified_at: written_at } : {}),
  };
}

function shown(product: Product | undefined): Omit<ScreenItem, keyof Recommendation['items'][number]> {
  if (!product) return {};
  const { title, price, currency, image_link } = product;
  return {
    title,
    ...(price === undefined ? {} : { price }),
    ...(currency === undefined ? {} : { currency }),
    ...(image_link === undefined ? {} : { image_link }),
  };
}
