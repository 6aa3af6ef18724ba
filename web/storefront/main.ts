import './styles/fonts.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/cards.css';
import './styles/for-you.css';
import './styles/pages.css';
import { startTracker } from '../tracker/browser.ts';
import { FOR_YOU, makeForYou } from './for-you/for-you.ts';
import type { Live } from './live/live.ts';
import type { Page, Shop } from './pages/page.ts';
import { pageOf } from './pages/pages.ts';
import { readProducts, readSettings } from './settings.ts';
import { CART_KEY, makeCart } from './shop/cart.ts';
import { makeCatalog } from './shop/catalog.ts';
import { CONSENT_KEY, makeConsent } from './shop/consent.ts';
import { about } from './shop/events.ts';
import { makeRelated } from './shop/related.ts';
import { pathOf, type Route, routeOf } from './shop/route.ts';
import { makeConsentBanner } from './ui/consent-banner.ts';
import { makeHeader } from './ui/header.ts';
import { followLinks } from './ui/links.ts';
import { makeShell } from './ui/shell.ts';
import { makeVisit } from './visit.ts';

const storage = (): Storage => localStorage;
const root = document.querySelector<HTMLElement>('#shop') ?? document.body;
const [settings, products] = await Promise.all([readSettings(), readProducts()]).catch((error: unknown) => {
  const why = error instanceof Error ? error.message : String(error);
  root.textContent = `The shop cannot open: ${why}. Load the page again; if that does not help, tell who runs the shop.`;
  throw error;
});
const catalog = makeCatalog(products);
const cart = makeCart(catalog, storage);
const consent = makeConsent(storage);
const tracker = startTracker({ ...settings.collector, visitor: null });

const act: Shop['act'] = (name, fields) => forYou.acted([tracker.track(name, fields)]);
const choose: Shop['choose'] = (product, placement) => {
  act('select_item', about(product, placement));
};
const forYou = makeForYou({
  catalog,
  track: tracker.track,
  clock: () => performance.now(),
  onChosen: ({ item_id }, index, recommendationId) => {
    const product = catalog.find(item_id);
    if (product) choose(product, { list: FOR_YOU, index, recommendationId });
  },
});
const go = (route: Route): void => {
  history.pushState(null, '', pathOf(route));
  show(route, true);
};
const header = makeHeader({ categories: catalog.categories, cart, go });
const banner = makeConsentBanner(consent);
const shell = makeShell(root, {
  header: header.node,
  row: forYou.node,
  banner: banner.node,
  onPrivacy: banner.ask,
});
let live: Promise<Live> | undefined;
const openLive = (): Promise<Live> => {
  live ??= import('./live/firebase.ts').then(({ openFirebase }) => openFirebase(settings));
  live.catch(() => {
    live = undefined;
  });
  return live;
};
const related = makeRelated({
  catalog,
  // Who did not allow personal picks talks to nobody but this site.
  read: async (id) => (consent.get()?.personalization ? (await openLive()).related(id) : undefined),
});
const shop: Shop = {
  catalog,
  cart,
  related,
  act,
  choose,
  go,
  say: shell.say,
};

let page: Page | undefined;
function show(route: Route, byVisitor: boolean): void {
  page = pageOf(shop, route);
  document.title = `${page.title} · Nook & Grain`;
  act('page_view');
  page.arrived?.();
  // The request is under way while the page is drawn.
  tracker.flush();
  header.at(route);
  shell.show(page, byVisitor);
}

const visit = makeVisit({
  tracker,
  forYou,
  openLive,
  newId: () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join(''),
  storage,
  schedule: (run, ms) => void setTimeout(run, ms),
});
consent.watch((choice) => {
  banner.close();
  void visit(choice);
});
addEventListener('storage', ({ key }) => {
  // All that was kept is removed: this tab knows no more than a new one.
  if (key === null) return location.reload();
  // Who refuses in one tab has refused in all.
  if (key === CONSENT_KEY) consent.refresh();
  if (key !== CART_KEY) return;
  cart.refresh();
  page?.cartChanged?.();
});
followLinks((url) => go(routeOf(url)));
addEventListener('popstate', () => show(routeOf(location), true));
show(routeOf(location), false);
await visit(consent.get());
