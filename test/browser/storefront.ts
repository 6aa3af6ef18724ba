import type { Page, Request } from 'playwright-core';
import { expect } from 'vitest';
import { DATASET } from '../../shared/pipeline.ts';
import type { RunningShop } from '../helpers/browser/running-shop.ts';

/** What a test sees and does in the storefront. */
export const row = (page: Page) => page.locator('.for-you');
export const heading = (page: Page) => row(page).locator('h2').textContent();
export const titles = (page: Page) => row(page).locator('.pick-title').allTextContents();
export const recommendationOf = (page: Page) => row(page).getAttribute('data-recommendation');

/** The products below the row, by id. */
export const relatedIds = async (page: Page): Promise<readonly string[]> =>
  (
    await page
      .locator('.related a.card')
      .evaluateAll((cards) => cards.map((card) => card.getAttribute('href')))
  ).map((href) => String(href).replace('/product/', ''));

/** Resolves with the recommendation shown, once it is another than this. */
export async function nextRecommendation(page: Page, before: string | null = ''): Promise<string> {
  let shown: string | null = before;
  const look = async (): Promise<string | null> => {
    shown = await recommendationOf(page);
    return shown;
  };
  await expect.poll(look).not.toBe(before);
  return shown ?? '';
}

/** Opens a department's first product. */
export async function openFirst(page: Page, department: string): Promise<void> {
  await page.locator('.top nav').getByText(department).click();
  await page.locator('h1', { hasText: department }).waitFor();
  await page.locator('a.card').first().click();
  await page.locator('.product').waitFor();
}

/** The uid under which Firebase's SDK has the visitor signed in. */
export async function uidOf(page: Page): Promise<string> {
  const read = () =>
    page.evaluate(`JSON.parse(localStorage.getItem('firebase:authUser:local:[DEFAULT]') ?? '{}').uid ?? ''`);
  await expect.poll(read).not.toBe('');
  return String(await read());
}

/** Addresses that the page asked anything of, from now on, beside the site's own. */
export function strangersOf(page: Page, site: string): readonly string[] {
  const asked: string[] = [];
  page.on('request', (request: Request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== site) asked.push(origin);
  });
  return asked;
}

export interface StoredEvent {
  readonly event_name: string;
  readonly recommendation_id: string | null;
  readonly items: readonly {
    readonly item_id: string;
    readonly index: number | null;
    readonly item_list_id: string | null;
  }[];
  readonly personalization: boolean;
}

/** A visitor's events in the warehouse, oldest first. */
export async function eventsOf({ stores }: RunningShop, visitor: string): Promise<readonly StoredEvent[]> {
  const [rows] = await stores.bigquery.query({
    query: `SELECT event_name, recommendation_id, items, consent.personalization AS personalization
      FROM \`${DATASET}.events\` WHERE visitor_id = @visitor ORDER BY event_time, event_id`,
    params: { visitor },
  });
  return rows as readonly StoredEvent[];
}

/** Sets what the model's emulator does wrong; nothing for `{}`. */
export async function vertexFaults({ stack }: RunningShop, faults: object): Promise<void> {
  await fetch(`${stack.emulators.get('vertex')?.url}/_emulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
}
