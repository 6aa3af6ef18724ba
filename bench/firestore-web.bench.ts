import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { v2 } from '../emulators/firestore/rules/cases/files.ts';
import { startFirestoreEmulator as startGoogles } from '../emulators/google/firestore.ts';
import { startOurs } from '../emulators/own-process.ts';
import { startBrowser, whyNoBrowser } from '../test/helpers/browser/chromium.ts';
import { type PageServer, servePage } from '../test/helpers/browser/page-server.ts';
import { whyNoGoogleEmulators } from '../test/helpers/google-emulators.ts';
import type { MeasureLatency } from './firestore-web/page.ts';
import { benchmark } from './tools/benchmark.ts';

const AIM = 0.7;
const QUANTILES = [
  ['median', 0.5],
  ['95th percentile', 0.95],
] as const;
const PROJECT = 'demo-bench';

await benchmark({
  script: import.meta.url,
  about: `
Milliseconds from a write of one client to the snapshot of another, both the web SDK in one page of a headless Chromium, on our
Firestore emulator and on Google's, in turns. The first round of each warms up and is not counted.`,
  options: { writes: [40, 'of each round'] },
  async measure({ values, inTurns, tell, skip, note }) {
    const why = whyNoBrowser() ?? (await whyNoGoogleEmulators());
    if (why) return skip(`Firestore in a browser: ${why}`);
    const [ours, googles, pages, browser] = await Promise.all([
      startOurs('firestore', {}),
      startGoogles({ project: PROJECT }),
      servePage(fileURLToPath(new URL('firestore-web/page.ts', import.meta.url))),
      startBrowser(),
    ]);
    try {
      for (const { url } of [ours, googles]) await openRules(url);
      const turns = await inTurns(
        () => measure(browser, pages, ours.url, values.writes),
        () => measure(browser, pages, googles.url, values.writes),
        1,
      );
      for (const [name, share] of QUANTILES) {
        tell({
          name: `Firestore in a browser, write to the other client's snapshot, ${name}`,
          unit: 'ms',
          against: "Google's",
          rounds: turns.map((turn) => ({
            ours: quantile(turn.ours, share),
            theirs: quantile(turn.theirs, share),
          })),
          aim: AIM,
          better: 'less',
        });
      }
      const lost = turns.flatMap((turn) => [...turn.ours, ...turn.theirs]).filter((each) => each === null);
      if (lost.length > 0) note(`${lost.length} snapshots did not come within 10 s.`);
    } finally {
      await browser.close();
      await Promise.all([ours.close(), googles.close(), pages.close()]);
    }
  },
});

async function openRules(url: string): Promise<void> {
  const content = v2('match /latency/{id} { allow read, write; }');
  const response = await fetch(`${url}/emulator/v1/projects/${PROJECT}:securityRules`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rules: { files: [{ name: 'firestore.rules', content }] } }),
  });
  if (!response.ok) throw new Error(`${url} took no rules: ${await response.text()}`);
}

async function measure(
  within: Browser,
  { url }: PageServer,
  emulator: string,
  writes: number,
): Promise<Latencies> {
  const { hostname: host, port } = new URL(emulator);
  const place = { project: PROJECT, host, port: Number(port), authUrl: '' };
  const page = await within.newPage();
  await page.goto(url);
  await page.waitForFunction('globalThis.measure');
  const latencies = await page.evaluate(
    ([at, count]) => (globalThis as unknown as { measure: MeasureLatency }).measure(at, count),
    [place, writes] as const,
  );
  await page.close();
  return latencies;
}

type Latencies = Awaited<ReturnType<MeasureLatency>>;

function quantile(latencies: Latencies, share: number): number {
  const sorted = latencies.map((each) => each ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}
