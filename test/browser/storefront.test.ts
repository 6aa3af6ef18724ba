import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import { whyNoBrowser } from '../helpers/browser/chromium.ts';
import { type RunningShop, startRunningShop } from '../helpers/browser/running-shop.ts';
import { ALLOWED } from '../helpers/browser/visit.ts';
import {
  eventsOf,
  heading,
  nextRecommendation,
  openFirst,
  recommendationOf,
  relatedIds,
  row,
  strangersOf,
  titles,
  uidOf,
  vertexFaults,
} from './storefront.ts';

const why = whyNoBrowser();
if (why) process.stderr.write(`the storefront is not tested: ${why}\n`);

describe.skipIf(why)('the storefront on the whole stack', { timeout: 90_000 }, () => {
  let shop: RunningShop;
  beforeAll(async () => {
    shop = await startRunningShop();
  }, 240_000);
  afterEach(async () => {
    await vertexFaults(shop, {});
    await shop.leave();
  });
  afterAll(() => shop?.close());

  test('a click on a product changes the row, with reasons, without a reload', async () => {
    const { page, errors } = await shop.visit({ choice: ALLOWED });
    await page.evaluate('window.sameDocument = true');
    expect(await heading(page)).toBe('For you');
    await openFirst(page, 'Lamps');
    const first = await nextRecommendation(page);
    const before = await titles(page);
    expect(before).toHaveLength(12);
    expect(await row(page).locator('.reason').first().textContent()).not.toBe('');
    await row(page).locator('li a').first().click();
    await nextRecommendation(page, first);
    expect(await titles(page)).not.toEqual(before);
    expect(await row(page).locator('.for-you-note').textContent()).toMatch(
      /^Picked \d+ ms after your click by model /,
    );
    expect(await page.evaluate('window.sameDocument')).toBe(true);
    expect(errors).toEqual([]);
  });

  test('a journey from search to order is in the warehouse, with what was recommended, seen and clicked', async () => {
    const { page } = await shop.visit({ choice: ALLOWED });
    await page.getByRole('searchbox').fill('oak');
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: 'oak' }).waitFor();
    await page.locator('a.card').first().click();
    const recommendation = await nextRecommendation(page);
    const seen = () =>
      eventsOf(shop, visitor).then((events) =>
        events.find((each) => each.recommendation_id === recommendation),
      );
    const visitor = await uidOf(page);
    await row(page).scrollIntoViewIfNeeded();
    await expect.poll(seen).toMatchObject({ event_name: 'view_item_list' });
    expect((await seen())?.items[0]).toMatchObject({ index: 0, item_list_id: 'for_you' });
    await row(page).locator('li a').nth(1).click();
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByRole('link', { name: 'Cart, 1 piece' }).click();
    await page.getByLabel(/^How many of/).fill('2');
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'To checkout' }).click();
    for (const label of ['Name', 'Street and number', 'Postcode and city'])
      await page.getByLabel(label).fill('Ann');
    await page.getByLabel('E-mail').fill('ann@shop.example');
    await page.getByRole('button', { name: 'Order' }).click();
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();

    // One request's events may be stored before those of the request before it.
    const names = () =>
      eventsOf(shop, visitor).then((events) => new Set(events.map(({ event_name }) => event_name)));
    await expect
      .poll(names)
      .toEqual(
        new Set([
          'page_view',
          'search',
          'select_item',
          'view_item',
          'view_item_list',
          'add_to_cart',
          'view_cart',
          'begin_checkout',
          'purchase',
        ]),
      );
    const clicks = async () =>
      (await eventsOf(shop, visitor)).filter(
        ({ event_name, recommendation_id }) => event_name === 'select_item' && recommendation_id,
      );
    await expect.poll(clicks).toMatchObject([{ items: [{ index: 1, item_list_id: 'for_you' }] }]);
    expect(JSON.stringify(await eventsOf(shop, visitor))).not.toContain('ann@shop.example');
    expect(await page.getByRole('link', { name: 'Cart, empty' }).count()).toBe(1);
  });

  test('a product’s page shows what the model finds similar, the cart what goes with it', async () => {
    const stored = shop.stores.firestore.collection(COLLECTIONS.related);
    const withLists = async () =>
      (await stored.get()).docs.find(
        (each) => each.get('similar').length === 20 && each.get('together').length === 20,
      );
    await expect.poll(withLists, { timeout: 30_000 }).toBeDefined();
    const lists = await withLists();
    const { page, errors } = await shop.visit({ choice: ALLOWED });
    await page.goto(`${shop.url}/product/${lists?.id}`);
    await page.getByRole('heading', { name: 'Similar products' }).waitFor();
    const similar = await relatedIds(page);
    expect(similar).toHaveLength(6);
    expect(lists?.get('similar').filter((id: string) => similar.includes(id))).toEqual(similar);
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByRole('link', { name: 'Cart, 1 piece' }).click();
    await page.getByRole('heading', { name: 'Goes well with these' }).waitFor();
    const together = await relatedIds(page);
    expect(together).toHaveLength(6);
    expect(lists?.get('together').filter((id: string) => together.includes(id))).toEqual(together);
    expect(errors).toEqual([]);
  });

  test('two tabs: what one puts into the cart is in the other’s, also on the page of the cart', async () => {
    const { page, errors } = await shop.visit({ choice: ALLOWED });
    await openFirst(page, 'Lamps');
    await page.getByRole('button', { name: 'Add to cart' }).click();
    const other = await page.context().newPage();
    await other.goto(new URL('/cart', page.url()).href);
    const quantity = other.getByLabel(/^How many of/);
    expect(await quantity.inputValue()).toBe('1');
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await expect.poll(() => quantity.inputValue()).toBe('2');
    await quantity.fill('3');
    await other.keyboard.press('Tab');
    await page.getByRole('link', { name: 'Cart, 3 pieces' }).waitFor();
    expect(errors).toEqual([]);
  });

  test('two visitors: each sees its own list, and can read no other', async () => {
    const [one, two] = [await shop.visit({ choice: ALLOWED }), await shop.visit({ choice: ALLOWED })];
    await openFirst(one.page, 'Lamps');
    await openFirst(two.page, 'Garden');
    const [shownToOne, shownToTwo] = [await nextRecommendation(one.page), await nextRecommendation(two.page)];
    expect(shownToOne).not.toBe(shownToTwo);
    const before = await titles(two.page);
    await row(one.page).locator('li a').first().click();
    await nextRecommendation(one.page, shownToOne);
    expect(await titles(two.page)).toEqual(before);

    const [uid, other] = [await uidOf(one.page), await uidOf(two.page)];
    const token = await one.page.evaluate(
      `JSON.parse(localStorage.getItem('firebase:authUser:local:[DEFAULT]')).stsTokenManager.accessToken`,
    );
    const { FIRESTORE_EMULATOR_HOST: host, GOOGLE_CLOUD_PROJECT: project } = shop.stack.env;
    const read = async (path: string) => {
      const url = `http://${host}/v1/projects/${project}/databases/(default)/documents/${path}`;
      return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
    };
    expect(await read(`${COLLECTIONS.recommendations}/${uid}`)).toBe(200);
    expect(await read(`${COLLECTIONS.recommendations}/${other}`)).toBe(403);
    expect(await read(`${COLLECTIONS.profiles}/${uid}`)).toBe(403);
  });

  test('until the visitor has answered, and after a refusal, the page talks to nobody', async () => {
    const { page, errors } = await shop.visit();
    const strangers = strangersOf(page, shop.url);
    await openFirst(page, 'Tables');
    expect(strangers).toEqual([]);
    await page.getByRole('button', { name: 'Refuse' }).click();
    await openFirst(page, 'Chairs');
    await page.getByRole('heading', { name: 'Similar products' }).waitFor();
    await page.getByRole('button', { name: 'Add to cart' }).click();
    expect(await heading(page)).toBe('From the shop');
    expect(await page.evaluate('Object.keys(localStorage).sort()')).toEqual(['shop.cart', 'shop.consent']);
    await page.goto('about:blank');
    expect([strangers, errors]).toEqual([[], []]);
  });

  test('only counted: events are stored without a profile, and the row stays the same', async () => {
    const { page } = await shop.visit();
    await page.getByRole('button', { name: 'Only count my visit' }).click();
    await openFirst(page, 'Decor');
    const visitor = String(await page.evaluate(`localStorage.getItem('shop.visitor')`));
    await expect.poll(() => eventsOf(shop, visitor).then(({ length }) => length)).toBeGreaterThan(3);
    for (const event of await eventsOf(shop, visitor)) expect(event.personalization).toBe(false);
    expect((await shop.stores.firestore.collection(COLLECTIONS.profiles).doc(visitor).get()).exists).toBe(
      false,
    );
    expect(await recommendationOf(page)).toBe('');
  });

  test('a choice taken back: the list is gone, the nameless account too, and nothing more is told', async () => {
    const { page } = await shop.visit({ choice: ALLOWED });
    await openFirst(page, 'Kitchen');
    await nextRecommendation(page);
    await page.getByRole('button', { name: 'Privacy choices' }).click();
    await page.getByRole('button', { name: 'Refuse' }).click();
    await expect.poll(() => heading(page)).toBe('From the shop');
    await expect.poll(() => page.evaluate('Object.keys(localStorage).sort()')).toEqual(['shop.consent']);
    const strangers = strangersOf(page, shop.url);
    await openFirst(page, 'Lamps');
    expect(strangers.filter((origin) => origin === shop.stack.ingestUrl)).toEqual([]);
  });

  test('offline: what was done is told when the network is back, and the row follows', async () => {
    const { context, page } = await shop.visit({ choice: ALLOWED });
    await openFirst(page, 'Shelves');
    const before = await nextRecommendation(page);
    const visitor = await uidOf(page);
    await context.setOffline(true);
    await openFirst(page, 'Garden');
    const offered = await page.locator('.product h1').textContent();
    await page.getByText('You are offline.').waitFor();
    const waiting = () =>
      page.evaluate(`JSON.parse(localStorage.getItem('nextclick.events') ?? '[]').length`);
    await expect.poll(waiting).toBeGreaterThan(0);
    await context.setOffline(false);
    await nextRecommendation(page, before);
    await expect.poll(waiting).toBe(0);
    await row(page)
      .locator('.reason', { hasText: String(offered) })
      .first()
      .waitFor();
    const viewed = async () =>
      (await eventsOf(shop, visitor)).filter(({ event_name }) => event_name === 'view_item');
    await expect.poll(viewed).toHaveLength(2);
  });

  test('a page that is left at once still tells what was done', async () => {
    const { page } = await shop.visit({ choice: ALLOWED });
    const visitor = await uidOf(page);
    await page.evaluate(`document.querySelector('a.card').click(); location.href = 'about:blank'`);
    const names = () => eventsOf(shop, visitor).then((events) => events.map(({ event_name }) => event_name));
    await expect.poll(names).toContain('view_item');
  });

  test('tracker.js alone, on any page: a hundred requests of an event each', async () => {
    const { page } = await shop.visit({ choice: { analytics: false, personalization: false } });
    await page.addScriptTag({ url: `${shop.url}/tracker.js` });
    const place = { url: shop.stack.ingestUrl, writeKey: shop.stack.writeKey };
    const left = await page.evaluate(`(async () => {
      const tracker = nextclick.startTracker({ ...${JSON.stringify(place)}, choice: ${JSON.stringify(ALLOWED)} });
      for (let sent = 0; sent < 100; sent += 1) {
        tracker.track('page_view', { properties: { text: 'x'.repeat(1000), sent } });
        for (let turns = 0; tracker.pending() > 0 && turns < 2000; turns += 1) await new Promise((done) => setTimeout(done, 5));
      }
      return tracker.pending();
    })()`);
    expect(left).toBe(0);
    const visitor = String(await page.evaluate(`localStorage.getItem('nextclick.visitor')`));
    await expect.poll(() => eventsOf(shop, visitor).then(({ length }) => length)).toBe(100);
  });

  test('the model does not answer: the row says that its products are popular, then is personal again', async () => {
    const { page } = await shop.visit({ choice: ALLOWED });
    await vertexFaults(shop, { methods: ['Predict'], code: 'UNAVAILABLE' });
    await openFirst(page, 'Textiles');
    await nextRecommendation(page);
    expect(await heading(page)).toBe('Popular right now');
    expect(await row(page).getAttribute('data-source')).toBe('popularity');
    await vertexFaults(shop, {});
    await expect
      .poll(
        async () => {
          await row(page).locator('li a').first().click();
          await page.locator('.product').waitFor();
          return heading(page);
        },
        { timeout: 40_000, interval: 1000 },
      )
      .toBe('For you');
  });

  test('by keyboard alone: to the row, through it, and to a product', async () => {
    const { page } = await shop.visit({ choice: { analytics: false, personalization: false } });
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    for (let step = 0; step < 4; step += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(`document.activeElement.matches('.pick a')`)) break;
    }
    await page.keyboard.press('Tab');
    const chosen = (await titles(page))[1];
    await page.keyboard.press('Enter');
    await page.locator('.product').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe(chosen);
  });
});
