import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readCommandLine } from '../shared/command-line.ts';
import { messageOf } from '../shared/errors.ts';
import { FUNCTIONS } from '../shared/pipeline.ts';
import { makeBoard } from './board/board.ts';
import { makeStats } from './board/stats.ts';
import { type LocalView, startLocalView } from './board/view/index.ts';
import type { RunningEmulator } from './emulator.ts';
import type { FunctionLine } from './functions.ts';
import { startHosting } from './hosting/index.ts';
import { makeIngestClient } from './ingest-client.ts';
import { readOptions, USAGE } from './options.ts';
import { runReplay } from './replay/run.ts';
import { makeShop } from './shop/shop.ts';
import { watchRecommendations } from './shop/watch.ts';
import { type Stack, startStack } from './stack.ts';
import { openStores } from './stores.ts';
import { isServed } from './training.ts';

const options = readCommandLine(readOptions, 'npm start');
if (options.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}

const words = options.json ? process.stderr : process.stdout;
const stats = makeStats();
const board = makeBoard({
  stats,
  write: (text) => void words.write(text),
  terminal: words.isTTY && process.env.TERM !== 'dumb',
  columns: () => words.columns ?? 100,
});
const LOGS = resolve('.nextclick');
mkdirSync(LOGS, { recursive: true });
const log = createWriteStream(resolve(LOGS, 'functions.log'));

const stop = new AbortController();
let stack: Stack | undefined;
let hosting: RunningEmulator | undefined;
let view: LocalView | undefined;
let ending = false;

/** Ends everything, once; a second Ctrl-C does not wait. */
async function end(status: number): Promise<void> {
  if (ending) process.exit(status);
  ending = true;
  stop.abort();
  const late = setTimeout(() => process.exit(status), 4500);
  await Promise.all([hosting?.close(), view?.close()]).then(() => stack?.close());
  clearTimeout(late);
  process.exit(status);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));

function onLine(line: FunctionLine): void {
  log.write(`${JSON.stringify({ function: line.function, ...(line.entry ?? { message: line.message }) })}\n`);
  stats.observe(line);
  view?.observe(line);
  if (!ending && (line.severity === 'ERROR' || line.severity === 'CRITICAL')) {
    board.say(`${line.function}: ${line.message.split('\n')[0]}`);
  }
}

function onDeath(name: string, how: string): void {
  stats.died(name);
  if (!ending) board.say(`${name} died (${how}) and is started again`);
}

/** Kills one function after the other, in turn. Answers a function that stops it. */
function killEvery(seconds: number, running: Stack): () => void {
  let turn = 0;
  const timer = setInterval(() => {
    const spec = FUNCTIONS[turn % FUNCTIONS.length];
    turn += 1;
    if (spec) running.functions.get(spec.name)?.child.kill('SIGKILL');
  }, seconds * 1000);
  const spare = (): void => clearInterval(timer);
  stop.signal.addEventListener('abort', spare);
  return spare;
}

async function main(): Promise<void> {
  const began = Date.now();
  board.say('starting emulators and functions …');
  const running = await startStack({
    dataDir: options.data,
    emulators: options.emulators,
    onLine,
    onDeath,
    say: board.say,
  });
  stack = running;
  if (ending) return;
  const stores = openStores(running);
  const ingest = makeIngestClient({ url: running.ingestUrl, writeKey: running.writeKey });
  const vertexUrl = running.emulators.get('vertex')?.url ?? '';
  const shop = makeShop({
    stores,
    project: running.project,
    ingest,
    isServed: (model) => isServed(model, vertexUrl),
    say: board.say,
  });
  hosting = await startHosting({ stack: running, products: shop.products });
  view = await startLocalView({ stack: running, stores, stats, say: board.say });
  const reach = {
    ...running.env,
    INGEST_URL: running.ingestUrl,
    WRITE_KEY: running.writeKey,
    PSEUDONYM_KEY: running.pseudonymKey,
    BIGQUERY_URL: running.emulators.get('bigquery')?.url ?? '',
  };
  const variables = Object.entries(reach).map(([name, value]) => `export ${name}=${value}\n`);
  writeFileSync(resolve(LOGS, 'local.env'), variables.join(''));
  board.say(`ready after ${((Date.now() - began) / 1000).toFixed(1)} s: every emulator and function is up`);
  board.say(`  storefront    ${hosting.url}/`);
  board.say(`  pipeline view ${view.url}/`);
  board.say(`  send clicks   POST ${running.ingestUrl}/v1/events   (write key: ${running.writeKey})`);
  for (const [name, emulator] of running.emulators) board.say(`  ${name.padEnd(13)} ${emulator.url}`);
  board.say('  for clients   source .nextclick/local.env     functions log to .nextclick/functions.log');
  setInterval(() => board.refresh(), 1000).unref();
  const spare = options.killEvery === undefined ? () => undefined : killEvery(options.killEvery, running);

  if (options.replay !== undefined) {
    const summary = await runReplay({
      file: options.replay,
      mapping: options.mapping,
      speed: options.speed,
      ingest,
      stores,
      stats,
      say: board.say,
      onSettled: spare,
    });
    if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    else board.say(JSON.stringify(summary, null, 2));
    if (options.exit) {
      await stores.close();
      await end(summary.conserved ? 0 : 1);
    }
    return;
  }
  await shop.open();
  board.say('the shop is open: shoppers click, and recommendations follow; Ctrl-C ends everything');
  watchRecommendations({ stores, products: shop.products, onRecommendation: board.recommended });
  await shop.trade(stop.signal);
}

try {
  await main();
} catch (error) {
  // What fails while everything ends is no failure of its own.
  if (!ending) {
    process.stderr.write(`nextclick cannot go on: ${messageOf(error)}\n`);
    await end(1);
  }
}
