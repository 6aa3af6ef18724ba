import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { messageOf } from '../../shared/errors.ts';

/** What a path of the site that is no file of it leads to: the storefront finds its own pages. As in firebase.json. */
export const FALLBACK = '/storefront/index.html';

export interface SiteOptions {
  /** The folder of built pages, once it is there. */
  readonly folder: () => Promise<string>;
  /** JSON that is made anew for each request, by path: `/catalog.json`. */
  readonly documents: Readonly<Record<string, () => unknown>>;
  /** Applications of pages that have a server's side; asked before the files. */
  readonly apps?: readonly Hono[];
}

/** The site as Firebase Hosting serves it: files, `index.html` of folders, and one page for everything else. */
export function makeSite({ folder, documents, apps = [] }: SiteOptions): Hono {
  const site = new Hono();
  for (const app of apps) site.route('/', app);
  for (const [path, make] of Object.entries(documents)) {
    site.get(path, (c) => c.json(make() as object, 200, { 'cache-control': 'no-store' }));
  }
  site.use(async (c, next) => {
    const root = await folder();
    c.header('cache-control', c.req.path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache');
    const found = await serveStatic({ root })(c, async () => undefined);
    return found ?? (await serveStatic({ root, path: FALLBACK })(c, next));
  });
  site.onError((error, c) => c.text(messageOf(error), 500));
  return site;
}
