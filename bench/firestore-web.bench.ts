import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { v2 } from '../emulators/firestore/rules/cases/files.ts';
import { startFirestoreEmulator as startGoogles } from '../emulators/google/firestore.ts';
import { startChild } from '../emulators/processes/child.ts';
import { startBrowser, whyNoBrowser } from '../test/helpers/browser/chromium.ts';
import { type PageServer, servePage } from '../test/helpers/browser/page-server.ts';
import { whyNoGoogleEmulators } from '../test/helpers/google-emulators.ts';
import type { MeasureLatency } from './firestore-web/page.ts';

const USAGE = `Usage: node bench/firestore-web.bench.ts [--rounds N] [--writes N] [--json]

Milliseconds from a write of one client to the snapshot of another, both the web SDK in one page of a headless
Chromium, on our Firestore emulator and on Google's, in turns. The first round of each warms up and is not counted.
  --rounds N   rounds that count; default 5
  --writes N   writes in a round; default 40
`;
const AIM = 0.7;
const PROJECT = 'demo-bench';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    writes: { type: 'string', default: '40' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const why = whyNoBrowser() ?? (await whyNoGoogleEmulators());
if (why) {
  process.stderr.write(`Nothing is measured: ${why}.\n`);
  process.exit(1);
}

const [ours, googles, pages, browser] = await Promise.all([
  startOurs(),
  startGoogles({ project: PROJECT }),
  servePage(fileURLToPath(new URL('firestore-web/page.ts', import.meta.url))),
  startBrowser(),
]);
try {
  for (const { url } of [ours, googles]) await openRules(url);
  const mine: (number | null)[] = [];
  const theirs: (number | null)[] = [];
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const [url, into] of [[ours.url, mine] as const, [googles.url, theirs] as const]) {
      const latencies = await measure(browser, pages, url);
      if (round > 0) into.push(...latencies);
    }
  }
  report(mine, theirs);
  tellLost('our', mine);
  tellLost('Google’s', theirs);
} finally {
  await browser.close();
  await Promise.all([ours.close(), googles.close(), pages.close()]);
}

/** Our emulator in a process of its own, as `npm start` has it. */
function startOurs(): Promise<{ readonly url: string; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const child = startChild({
      name: 'firestore',
      args: [fileURLToPath(new URL('../emulators/serve.ts', import.meta.url)), 'firestore'],
      onMessage: (message) =>
        resolve({ url: (message as { ready: { url: string } }).ready.url, close: child.stop }),
      onDeath: () => reject(new Error('our Firestore emulator did not start')),
    });
  });
}

async function openRules(url: string): Promise<void> {
  const content = v2('match /latency/{id} { allow read, write; }');
  const response = await fetch(`${url}/emulator/v1/projects/${PROJECT}:securityRules`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rules: { files: [{ name: 'firestore.rules', content }] } }),
  });
  if (!response.ok) throw new Error(`${url} took no rules: ${await response.text()}`);
}

async function measure(within: Browser, { url }: PageServer, emulator: string): ReturnType<MeasureLatency> {
  const { hostname: host, port } = new URL(emulator);
  const place = { project: PROJECT, host, port: Number(port), authUrl: '' };
  const page = await within.newPage();
  await page.goto(url);
  await page.waitForFunction('globalThis.measure');
  const latencies = await page.evaluate(
    ([at, writes]) => (globalThis as unknown as { measure: MeasureLatency }).measure(at, writes),
    [place, Number(values.writes)] as const,
  );
  await page.close();
  return latencies;
}

type Latencies = Awaited<ReturnType<MeasureLatency>>;

function quantile(latencies: Latencies, share: number): number {
  const sorted = latencies.map((each) => each ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b);
  return Number((sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(1));
}

function tellLost(whose: string, latencies: Latencies): void {
  const lost = latencies.filter((each) => each === null).length;
  if (lost > 0) process.stderr.write(`${lost} snapshots of ${whose} emulator did not come within 10 s.\n`);
}

function report(mine: Latencies, theirs: Latencies): void {
  for (const [name, share] of [['median', 0.5] as const, ['95th percentile', 0.95] as const]) {
    const [value, against] = [quantile(mine, share), quantile(theirs, share)];
    const ratio = Number((value / against).toFixed(2));
    const row = {
      name: `Firestore in a browser, write to the other client's snapshot, ${name}`,
      value,
      unit: 'ms',
      against: `Google's, ${against}`,
      ratio,
      aim: AIM,
      met: ratio <= AIM,
    };
    process.stdout.write(
      values.json
        ? `${JSON.stringify(row)}\n`
        : `${row.name}: ${value} ms, Google's ${against} ms, ${ratio} times, aim ${AIM}: ${row.met ? 'met' : 'not met'}\n`,
    );
  }
}
