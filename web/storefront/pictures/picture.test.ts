import { describe, expect, test } from 'vitest';
import { makeCatalog } from '../../../emulators/shop/catalog.ts';
import { drawPicture, pictureUrl } from './picture.ts';

const products = makeCatalog(20_251);

describe('pictures of products', () => {
  test('each is SVG whose elements close, without a value that is none', () => {
    for (const product of products) {
      const svg = drawPicture(product);
      expect(svg, product.title).not.toMatch(/NaN|undefined|null/);
      expect(svg.match(/<[a-z]+/g)?.length, product.title).toBe(
        (svg.match(/\/>/g)?.length ?? 0) + (svg.match(/<\/[a-z]+>/g)?.length ?? 0),
      );
    }
  });

  test('the same product looks the same, others mostly do not', () => {
    const drawn = products.map(drawPicture);
    expect(products.map(drawPicture)).toEqual(drawn);
    expect(new Set(drawn).size).toBeGreaterThan(products.length * 0.6);
  });

  test.each([
    { item_id: 'x', title: '' },
    { item_id: '', title: 'Something unheard of', category: 'No such category' },
    { item_id: '"><script>', title: '"><img src=x onerror=alert(1)>', category: '<' },
  ])('a product of another shop: $title', (product) => {
    const svg = drawPicture(product);
    expect(svg).toMatch(/^<svg .*<\/svg>$/);
    expect(svg).not.toContain('<img');
    expect(pictureUrl(product)).toMatch(/^data:image\/svg\+xml,%3Csvg/);
  });
});
