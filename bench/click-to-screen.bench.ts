import { parseArgs } from 'node:util';
import { COLLECTIONS } from '../shared/pipeline.ts';
import { whyNoBrowser } from '../test/helpers/browser/chromium.ts';
import { startRunningShop } from '../test/helpers/browser/running-shop.ts';
import { ALLOWED } from '../test/helpers/browser/visit.ts';
import { type Click, clickAndWait } from './click-to-screen/click.ts';

const USAGE = `Usage: node bench/click-to-screen.bench.ts [--clicks N] [--json]

Milliseconds from a click in the storefront to the first frame with another list in its row, on the whole local stack, in a
headless Chromium; and where they go. The first ten clicks warm up and are not counted.
  --clicks N   default 100
`;
const AIMS = [
  [50, 150],
  [95, 400],
] as const;
const WARM_UP = 10;
const STAGES = [
  'enrich handles in',
  'recommend handles in',
  'of it, the model answers in',
  'push handles in',
];

const { values } = parseArgs({
  options: {
    clicks: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const why = whyNoBrowser();
if (why) {
  process.stderr.write(`Nothing is measured: ${why}.\n`);
  process.exit(1);
}

/** What happened to one click, in epoch milliseconds. */
interface Journey extends Click {
  readonly received: number;
  readonly generated: number;
  readonly written: number;
}

/** Milliseconds that functions take for a message, by what takes them, since the last clearing. */
const handling = new Map<string, number[]>();
const note = (name: string, ms: unknown): void => {
  if (typeof ms === 'number') handling.set(name, [...(handling.get(name) ?? []), ms]);
};
const shop = await startRunningShop({
  pastVisits: 1500,
  onLine: ({ function: name, metric }) => {
    note(`${name} handles in`, metric?.duration_ms);
    note('of it, the model answers in', metric?.vertex_ms);
  },
});
try {
  const journeys = await makeJourneys(WARM_UP + Number(values.clicks));
  report(journeys.slice(WARM_UP));
} finally {
  await shop.close();
}

async function makeJourneys(count: number): Promise<readonly Journey[]> {
  const { page } = await shop.visit({ choice: ALLOWED, path: '/product/sku-0040' });
  await page.locator('.for-you:not([data-source=own])').waitFor();
  const journeys: Journey[] = [];
  for (let at = 0; at < count; at += 1) {
    if (at === WARM_UP) handling.clear();
    const click = await page.evaluate(clickAndWait, at % 6);
    const found = await shop.stores.firestore
      .collection(COLLECTIONS.recommendations)
      .where('recommendation_id', '==', click.recommendationId)
      .get();
    const data = found.docs[0]?.data();
    // Somebody who waits for a page looks before the next click.
    await page.waitForTimeout(150);
    if (!data) continue;
    journeys.push({
      ...click,
      received: Date.parse(data.trigger.received_at),
      generated: Date.parse(data.generated_at),
      written: Date.parse(data.written_at),
    });
  }
  return journeys;
}

function report(journeys: readonly Journey[]): void {
  const total = journeys.map(({ clicked, seen }) => seen - clicked);
  for (const [percent, aim] of AIMS) {
    const value = percentile(total, percent);
    const row = {
      name: `click to screen, p${percent}`,
      value,
      unit: 'ms',
      against: `${aim} ms`,
      ratio: Number((value / aim).toFixed(2)),
      aim: 1,
      met: value <= aim,
    };
    process.stdout.write(
      values.json ? `${JSON.stringify(row)}\n` : `${row.name}: ${value} ms (aim ${aim})\n`,
    );
  }
  const parts = {
    'click to ingest': journeys.map(({ clicked, received }) => received - clicked),
    'ingest, enrich, recommend': journeys.map(({ received, generated }) => generated - received),
    'push to Firestore': journeys.map(({ generated, written }) => written - generated),
    'Firestore to screen': journeys.map(({ written, seen }) => seen - written),
  };
  const stages = Object.fromEntries(
    STAGES.map((stage): [string, readonly number[]] => [stage, handling.get(stage) ?? []]),
  );
  for (const [name, times] of Object.entries({ ...parts, ...stages })) {
    process.stderr.write(
      `  ${name.padEnd(28)} p50 ${percentile(times, 50)} ms, p95 ${percentile(times, 95)} ms\n`,
    );
  }
  const unchanged = journeys.filter(({ changed }) => !changed).length;
  if (unchanged > 0)
    process.stderr.write(`  ${unchanged} of ${journeys.length} lists were the same as before\n`);
}

function percentile(numbers: readonly number[], percent: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Math.round(
    sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN,
  );
}
