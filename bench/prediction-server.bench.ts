import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { readTestCases } from '../model/sessions-file.ts';

const USAGE = `Usage: node bench/prediction-server.bench.ts --model DIRECTORY --test FILE [--rate 1000] [--seconds 20] [--json]

Latency of the prediction container (model/server.ts, one process) over HTTP at a steady rate, load generator on the same
machine: one instance a request, 32 connections, sessions of a test file (next item TAB the session so far), counted
from the moment at which each request was due.
  --model DIRECTORY  a model that \`npm run model -- train\` wrote
  --rate N           predictions a second; default 1000
  --seconds N        after a warm-up of five seconds; default 20
`;
/** Milliseconds, at 1,000 predictions a second. */
const AIM = 7;
const SESSIONS = 5000;

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    test: { type: 'string' },
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help || values.model === undefined || values.test === undefined) {
  (values.help ? process.stdout : process.stderr).write(USAGE);
  process.exit(values.help ? 0 : 2);
}
const rate = Number(values.rate);
const requests = await readRequests(values.test);
const server = fork(fileURLToPath(new URL('../model/server.ts', import.meta.url)), {
  env: { ...process.env, AIP_HTTP_PORT: '0', AIP_HTTP_HOST: '127.0.0.1', AIP_STORAGE_URI: values.model },
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
});
try {
  const url = await readyAt();
  const load = { url, connections: 32, overallRate: rate, requests };
  await autocannon({ ...load, duration: 5 });
  const busy = loadavg()[0] ?? 0;
  const result = await autocannon({ ...load, duration: Number(values.seconds) });
  const failed = result.non2xx + result.errors + result.timeouts;
  const held = failed === 0 && result.requests.average >= 0.99 * rate;
  const { p50, p90, p99 } = result.latency;
  const row = {
    name: `prediction server, p90 at ${rate} predictions/s`,
    value: p90,
    unit: 'ms',
    against: AIM,
    ratio: Number((p90 / AIM).toFixed(3)),
    aim: AIM,
    met: held && p90 < AIM,
    rate: result.requests.average,
    failed,
    p50,
    p99,
    load_before: Number(busy.toFixed(1)),
    processors: availableParallelism(),
  };
  process.stdout.write(
    values.json
      ? `${JSON.stringify(row)}\n`
      : `${row.name}: ${p90} ms (p50 ${p50}, p99 ${p99}), ${row.rate}/s answered, ${failed} failed, aim ${AIM} ms: ${row.met ? 'met' : 'not met'}; load of the machine ${row.load_before} on ${row.processors} processors\n`,
  );
} finally {
  server.kill();
}

async function readyAt(): Promise<string> {
  const ended = once(server, 'exit').then(() => {
    throw new Error(`the server did not load the model in ${values.model}`);
  });
  for (;;) {
    const [message] = await Promise.race([once(server, 'message'), ended]);
    const { type, port } = message as { type: string; port: number };
    if (type === 'ready') {
      ended.catch(() => undefined); // it ends when the benchmark does
      return `http://127.0.0.1:${port}`;
    }
  }
}

/** Predict calls for the sessions of a test file, clicks a minute apart. */
async function readRequests(file: string) {
  const requests: { method: 'POST'; path: string; headers: Record<string, string>; body: string }[] = [];
  for await (const { prefix } of readTestCases(file, 'srgnn')) {
    const items = prefix
      .slice(-50)
      .reverse()
      .map((item_id, at) => ({
        item_id,
        event_name: 'view_item',
        event_time: new Date(Date.UTC(2026, 0, 1) - at * 60_000).toISOString(),
      }));
    requests.push({
      method: 'POST',
      path: '/predict',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ instances: [{ items }] }),
    });
    if (requests.length === SESSIONS) break;
  }
  return requests;
}
