import type { DocumentReference } from '@google-cloud/firestore';
import type { Page } from 'playwright-core';
import type { FunctionLine } from '../emulators/functions.ts';
import { COLLECTIONS } from '../shared/pipeline.ts';
import { whyNoBrowser } from '../test/helpers/browser/chromium.ts';
import { type RunningShop, startRunningShop } from '../test/helpers/browser/running-shop.ts';
import { ALLOWED } from '../test/helpers/browser/visit.ts';
import { type Click, clickAndWait } from './click-to-screen/click.ts';
import { pageHop } from './click-to-screen/page-hop.ts';
import { measureHops, sumOf } from './hops/hops.ts';
import { benchmark } from './tools/benchmark.ts';
import { benchStackOf } from './tools/stack.ts';

/** Percentiles, and the milliseconds they are to stay within. */
const AIMS = [
  [50, 150],
  [95, 400],
] as const;
const WARM_UP = 10;
const HOPS = 10;
const STAGES = [
  'enrich handles in',
  'recommend handles in',
  'of it, the model answers in',
  'push handles in',
];

await benchmark({
  script: import.meta.url,
  about: `
Milliseconds from a click in the storefront to the first frame with another list in its row, on the whole local stack, in a
headless Chromium; and where they go. The first ${WARM_UP} clicks warm up and are not counted.`,
  options: { clicks: [60, 'of one visitor'] },
  async measure({ values, tell, skip, note }) {
    const why = whyNoBrowser();
    if (why) return skip(`a click's way to a screen: ${why}`);
    const handling = new Map<string, number[]>();
    const shop = await startRunningShop({ pastVisits: 1500, onLine: (line) => noteHandling(handling, line) });
    try {
      const { page } = await shop.visit({ choice: ALLOWED, path: '/product/sku-0040' });
      await page.locator('.for-you:not([data-source=own])').waitFor();
      const journeys = await makeJourneys(shop, page, values.clicks, () => handling.clear());
      const total = journeys.map(({ clicked, seen }) => seen - clicked);
      for (const [percent, aim] of AIMS) {
        tell({
          name: `click to screen, p${percent}`,
          unit: 'ms',
          against: 'the aim, ms',
          rounds: [{ ours: percentile(total, percent), theirs: aim }],
          aim: 1,
          better: 'less',
        });
      }
      for (const [name, times] of Object.entries(partsOf(journeys, handling))) {
        note(`  ${name.padEnd(28)} p50 ${percentile(times, 50)} ms, p95 ${percentile(times, 95)} ms`);
      }
      const document = journeys.at(-1)?.document;
      if (!document) throw new Error('no click was answered');
      const hops = await measureHops(benchStackOf(shop.stack, shop.stores, shop.close), HOPS);
      const inPage = { 'page: document to frame': await pageHop(page, document, HOPS) };
      for (const [name, ms] of Object.entries({ ...hops, ...inPage })) note(`  ${name}: ${ms.toFixed(1)} ms`);
      tell({
        name: 'click to screen, p50, against its hops',
        unit: 'ms',
        against: "the sum of the hops' own least, ms",
        rounds: [{ ours: percentile(total, 50), theirs: sumOf({ ...hops, ...inPage }) }],
        aim: 2,
        better: 'less',
      });
      const unchanged = journeys.filter(({ changed }) => !changed).length;
      if (unchanged > 0) note(`  ${unchanged} of ${journeys.length} lists were the same as before`);
    } finally {
      await shop.close();
    }
  },
});

/** What happened to one click, in epoch milliseconds. */
interface Journey extends Click {
  readonly document: DocumentReference;
  readonly received: number;
  readonly generated: number;
  readonly written: number;
}

/** Keeps the milliseconds that functions take for a message, by what takes them. */
function noteHandling(handling: Map<string, number[]>, { function: name, metric }: FunctionLine): void {
  const note = (what: string, ms: unknown): void => {
    if (typeof ms === 'number') handling.set(what, [...(handling.get(what) ?? []), ms]);
  };
  note(`${name} handles in`, metric?.duration_ms);
  note('of it, the model answers in', metric?.vertex_ms);
}

async function makeJourneys(
  { stores }: RunningShop,
  page: Page,
  clicks: number,
  warm: () => void,
): Promise<readonly Journey[]> {
  const journeys: Journey[] = [];
  for (let at = 0; at < WARM_UP + clicks; at += 1) {
    if (at === WARM_UP) warm();
    const click = await page.evaluate(clickAndWait, at % 6);
    const found = await stores.firestore
      .collection(COLLECTIONS.recommendations)
      .where('recommendation_id', '==', click.recommendationId)
      .get();
    const document = found.docs[0];
    const data = document?.data();
    // Somebody who waits for a page looks before the next click.
    await page.waitForTimeout(150);
    if (!document || !data) continue;
    journeys.push({
      ...click,
      document: document.ref,
      received: Date.parse(data.trigger.received_at),
      generated: Date.parse(data.generated_at),
      written: Date.parse(data.written_at),
    });
  }
  return journeys.slice(-clicks);
}

/** Where the time went: milliseconds of each click, by part of its way. */
function partsOf(
  journeys: readonly Journey[],
  handling: ReadonlyMap<string, readonly number[]>,
): Readonly<Record<string, readonly number[]>> {
  const stages = STAGES.map((stage): [string, readonly number[]] => [stage, handling.get(stage) ?? []]);
  return {
    'click to ingest': journeys.map(({ clicked, received }) => received - clicked),
    'ingest, enrich, recommend': journeys.map(({ received, generated }) => generated - received),
    'push to Firestore': journeys.map(({ generated, written }) => written - generated),
    'Firestore to screen': journeys.map(({ written, seen }) => seen - written),
    ...Object.fromEntries(stages),
  };
}

function percentile(numbers: readonly number[], percent: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Math.round(
    sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN,
  );
}
