import type { Product } from '../../shared/events.ts';
import { makeRandom } from './random.ts';

/** A product of the demonstration shop, with the traits that make shoppers move from one to another. */
export interface ShopProduct extends Product {
  readonly category: string;
  readonly price: number;
  readonly in_stock: boolean;
  /** Products of one style go together, across categories. */
  readonly style: number;
  /** In the shop since today: nobody has clicked it before. */
  readonly isNew: boolean;
}

const CATEGORIES: Readonly<Record<string, readonly [readonly string[], number, number]>> = {
  Chairs: [['Chair', 'Armchair', 'Stool', 'Rocker', 'Bench'], 49, 420],
  Tables: [['Table', 'Desk', 'Side Table', 'Console'], 79, 900],
  Lamps: [['Lamp', 'Lantern', 'Spotlight', 'Pendant'], 19, 210],
  Textiles: [['Rug', 'Cushion', 'Throw', 'Curtain'], 15, 260],
  Kitchen: [['Kettle', 'Teapot', 'Knife Set', 'Pan', 'Bowl'], 12, 140],
  Garden: [['Planter', 'Watering Can', 'Hammock', 'Fire Bowl'], 14, 330],
  Shelves: [['Shelf', 'Bookcase', 'Cabinet', 'Rack'], 39, 640],
  Decor: [['Vase', 'Mirror', 'Clock', 'Print'], 12, 180],
};
const STYLES = [
  'Oak',
  'Walnut',
  'Slate',
  'Linen',
  'Copper',
  'Birch',
  'Cobalt',
  'Fern',
  'Amber',
  'Chalk',
  'Rattan',
  'Ink',
];
/** One product in so many is new. */
const NEW_EVERY = 40;
const MAKERS = ['Nordhav', 'Lumen & Co', 'Fjell', 'Atelier Mira', 'Harbour', 'Tomte'] as const;

/**
 * A few hundred products: every category in every style, some in several models. One in twenty-five is out of stock, one in forty is
 * new.
 */
export function makeCatalog(seed = 1, models = 3): readonly ShopProduct[] {
  const random = makeRandom(seed);
  const products: ShopProduct[] = [];
  for (const [category, [kinds, low, high]] of Object.entries(CATEGORIES)) {
    STYLES.forEach((name, style) => {
      for (let model = 0; model < models; model += 1) {
        const kind = kinds[(style + model) % kinds.length] ?? category;
        const number = String(products.length + 1).padStart(4, '0');
        products.push({
          item_id: `sku-${number}`,
          title: `${name} ${kind}${model === 0 ? '' : ` No. ${model + 1}`}`,
          brand: random.pick(MAKERS),
          category,
          price: Math.round(low + (high - low) * random.next() ** 2) - 0.01,
          currency: 'EUR',
          in_stock: !random.chance(0.04),
          style,
          isNew: products.length % NEW_EVERY === NEW_EVERY - 1,
        });
      }
    });
  }
  return products;
}
