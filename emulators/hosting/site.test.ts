import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, describe, expect, test } from 'vitest';
import { FALLBACK, makeSite } from './site.ts';

const root = mkdtempSync(join(tmpdir(), 'nextclick-site-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
for (const [path, text] of [
  ['storefront/index.html', '<title>shop</title>'],
  ['pipeline/index.html', '<title>pipeline</title>'],
  ['assets/a-1.js', 'export {}'],
] as const) {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

const site = makeSite({
  folder: async () => root,
  documents: { '/catalog.json': () => ({ products: [] }) },
  apps: [new Hono().get('/pipeline/live', (c) => c.text('live'))],
});

describe('the site', () => {
  test.each([
    ['/', '<title>shop</title>', 'no-cache'],
    ['/products/sku-1', '<title>shop</title>', 'no-cache'],
    ['/pipeline/', '<title>pipeline</title>', 'no-cache'],
    ['/pipeline/live', 'live', null],
    ['/assets/a-1.js', 'export {}', 'max-age=31536000, immutable'],
    ['/catalog.json', '{"products":[]}', 'no-store'],
    ['/../../../etc/passwd', '<title>shop</title>', 'no-cache'],
  ])('%s', async (path, text, cacheControl) => {
    const response = await site.request(path);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(text);
    expect(response.headers.get('cache-control')).toBe(cacheControl);
  });

  test('pages that cannot be built are told of', async () => {
    const broken = makeSite({
      folder: async () => {
        throw new Error('the pages of web/ could not be built: line 7');
      },
      documents: {},
    });
    const response = await broken.request('/');
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('line 7');
  });

  test('Firebase Hosting leads other paths to the same page', () => {
    const { hosting } = JSON.parse(readFileSync(new URL('../../firebase.json', import.meta.url), 'utf8'));
    expect(hosting.public).toBe('dist/web');
    expect(hosting.rewrites).toEqual([{ source: '**', destination: FALLBACK }]);
  });
});
