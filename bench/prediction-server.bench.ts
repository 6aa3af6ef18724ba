import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { writeArtifact } from '../model/artifact.ts';
import { buildModel } from '../model/build.ts';
import { directoryArtifact } from '../model/directory-artifacts.ts';
import { aisleSessions } from '../test/model/sessions.ts';
import { type Load, loadAtRate } from './prediction-server/paced-load.ts';
import { predictCalls } from './prediction-server/predict-calls.ts';
import { type StartedServer, startServer } from './prediction-server/started-server.ts';

const USAGE = `Usage: node bench/prediction-server.bench.ts [--model DIRECTORY --test FILE] [--rate 1000] [--threads 1] [--seconds 10] [--json]

The prediction container (model/server.ts) over HTTP, load generator on the same machine: one instance a request, 32 connections.
First its latency at a steady rate, counted from the moment at which each request was due; then as many as it answers, against a
bare server of one process that parses the same requests and writes as much JSON.
  --model DIRECTORY  a model that \`npm run model -- train\` wrote; without it, one of 3,000 generated sessions
  --test FILE        sessions to ask with (next item TAB the session so far)
  --rate N           predictions a second; default 1000
  --threads N        MODEL_THREADS of the server; default 1
  --seconds N        of each measurement, after a warm-up of three; default 10
`;
/** Milliseconds, at 1,000 predictions a second. */
const AIM_MS = 7;
const AIM_OF_ECHO = 0.5;
const WARM_UP_SECONDS = 3;
const CONNECTIONS = 32;

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    test: { type: 'string' },
    rate: { type: 'string', default: '1000' },
    threads: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help || (values.model === undefined) !== (values.test === undefined)) {
  (values.help ? process.stdout : process.stderr).write(USAGE);
  process.exit(values.help ? 0 : 2);
}
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const requests = await predictCalls(values.test);
const folder = await mkdtemp(join(tmpdir(), 'nextclick-bench-'));
const servers: StartedServer[] = [];
try {
  if (values.model === undefined)
    await writeArtifact(await buildModel(aisleSessions(3000)), directoryArtifact(folder));
  const server = await startServer(new URL('../model/server.ts', import.meta.url), {
    AIP_HTTP_PORT: '0',
    AIP_HTTP_HOST: '127.0.0.1',
    AIP_STORAGE_URI: values.model ?? folder,
    MODEL_THREADS: values.threads,
  });
  servers.push(server);
  const machine = { threads: Number(values.threads), processors: availableParallelism() };
  await atRate(server, WARM_UP_SECONDS);
  const steady = await measured(server, () => atRate(server, seconds));
  const held = steady.failed === 0 && steady.rate >= 0.99 * rate;
  print({
    name: `prediction server, p90 at ${rate} predictions/s`,
    value: steady.p90,
    unit: 'ms',
    against: `${AIM_MS} ms, as published for Serenade`,
    ratio: Number((steady.p90 / AIM_MS).toFixed(3)),
    aim: AIM_MS,
    met: held && steady.p90 < AIM_MS,
    ...steady,
    ...machine,
  });
  const echo = await startServer(new URL('prediction-server/echo-server.ts', import.meta.url));
  servers.push(echo);
  await atMost(echo, WARM_UP_SECONDS);
  const least = await measured(echo, () => atMost(echo, seconds));
  const most = await measured(server, () => atMost(server, seconds));
  const ratio = Number((most.rate / least.rate).toFixed(3));
  print({
    name: 'prediction server, most predictions/s',
    value: most.rate,
    unit: '/s',
    against: `a bare server that answers ${least.rate}/s`,
    ratio,
    aim: AIM_OF_ECHO,
    met: most.failed === 0 && ratio >= AIM_OF_ECHO,
    ...most,
    cpu_ms_echo: least.cpu_ms,
    ...machine,
  });
} finally {
  for (const server of servers) server.stop();
  await rm(folder, { recursive: true });
}

/** Measures a load, with the server's processor time for each answer. */
async function measured(server: StartedServer, run: () => Promise<Load>) {
  const busy = loadavg()[0] ?? 0;
  const before = await server.cpuSeconds();
  const began = performance.now();
  const load = await run();
  const answered = (load.rate * (performance.now() - began)) / 1000;
  const after = await server.cpuSeconds();
  const cpuMs = (((after ?? Number.NaN) - (before ?? 0)) / answered) * 1000;
  return { ...load, cpu_ms: Number(cpuMs.toFixed(3)), load_before: Number(busy.toFixed(1)) };
}

function atRate(server: StartedServer, seconds: number): Promise<Load> {
  return loadAtRate(server.url, requests, { rate, seconds, connections: CONNECTIONS });
}

/** As many as it answers: each connection asks when it was answered. */
async function atMost({ url }: StartedServer, seconds: number): Promise<Load> {
  const result = await autocannon({ url, connections: CONNECTIONS, requests, duration: seconds });
  const { p50, p90, p99 } = result.latency;
  const failed = result.non2xx + result.errors + result.timeouts;
  return { rate: Math.round(result.requests.average), failed, p50, p90, p99 };
}

function print(row: Readonly<Record<string, unknown>> & { readonly name: string }): void {
  const { name, value, unit, against, met, ...rest } = row;
  const more = Object.entries(rest)
    .map(([key, each]) => `${key} ${each}`)
    .join(', ');
  process.stdout.write(
    values.json
      ? `${JSON.stringify(row)}\n`
      : `${name}: ${value} ${unit} against ${against}: ${met ? 'met' : 'not met'} (${more})\n`,
  );
}
