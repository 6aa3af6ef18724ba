import { chairs } from './chairs.ts';
import { decor } from './decor.ts';
import { garden } from './garden.ts';
import { kitchen } from './kitchen.ts';
import { lamps } from './lamps.ts';
import { type Palette, paletteOf } from './palette.ts';
import type { Drawing } from './shapes.ts';
import { shelves } from './shelves.ts';
import { tables } from './tables.ts';
import { textiles } from './textiles.ts';

/** What a picture is made from. */
export interface Pictured {
  readonly item_id: string;
  readonly title: string;
  readonly category?: string | undefined;
}

const CATEGORIES: Readonly<Record<string, Readonly<Record<string, Drawing>>>> = {
  Chairs: chairs,
  Tables: tables,
  Lamps: lamps,
  Textiles: textiles,
  Kitchen: kitchen,
  Garden: garden,
  Shelves: shelves,
  Decor: decor,
};
const KINDS: readonly (readonly [string, Drawing])[] = Object.values(CATEGORIES)
  .flatMap((kinds) => Object.entries(kinds))
  // `Side Table` before `Table`.
  .sort(([a], [b]) => b.length - a.length);

/**
 * A picture of a product as SVG, 400 by 400, of its item id, title and category alone: the same product looks the same everywhere.
 * The title says kind and colour; where it names none, the category and the id decide.
 */
export function drawPicture({ item_id, title, category }: Pictured): string {
  const seed = hashOf(item_id);
  const palette = paletteOf(title, part(seed, 0));
  const drawing = drawingOf(title, category, part(seed, 1));
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">' +
    backdrop(palette, part(seed, 2)) +
    drawing(palette, part(seed, 3)) +
    '</svg>'
  );
}

/** The picture as an address for an `img`. */
export function pictureUrl(product: Pictured): string {
  return `data:image/svg+xml,${encodeURIComponent(drawPicture(product))}`;
}

function drawingOf(title: string, category: string | undefined, choice: number): Drawing {
  const named = KINDS.find(([kind]) => title.includes(kind));
  if (named) return named[1];
  const kinds = Object.values(CATEGORIES[category ?? ''] ?? decor);
  return kinds[Math.floor(choice * kinds.length)] ?? (() => '');
}

/** Wall and floor, and behind some products an arch or a sun. */
function backdrop({ wall, floor, light }: Palette, choice: number): string {
  const scene =
    choice < 0.3
      ? `<path d="M96 400V190a104 104 0 0 1 208 0V400Z" fill="${light}" opacity=".35"/>`
      : choice < 0.5
        ? `<circle cx="200" cy="176" r="122" fill="${light}" opacity=".32"/>`
        : '';
  return `<path d="M0 0H400V400H0Z" fill="${wall}"/>${scene}<path d="M0 318H400V400H0Z" fill="${floor}"/>`;
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}

/** One byte of a hash, from 0 to 1. */
function part(hash: number, at: number): number {
  return ((hash >>> (at * 8)) & 0xff) / 256;
}
