import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { writeArtifact } from '../model/artifact.ts';
import { buildModel } from '../model/build.ts';
import { directoryArtifact } from '../model/directory-artifacts.ts';
import { ConfigError } from '../shared/errors.ts';
import { aisleSessions } from '../test/model/sessions.ts';
import { type Load, loadAtRate } from './prediction-server/paced-load.ts';
import { type PredictCall, predictCalls } from './prediction-server/predict-calls.ts';
import { type StartedServer, startServer } from './prediction-server/started-server.ts';
import { benchmark } from './tools/benchmark.ts';

/** Rates to be held, and the milliseconds within which nine of ten are to be answered. */
const RATES = [
  { rate: 1000, ms: 7, against: '7 ms, as published for Serenade at that rate' },
  { rate: 2000, ms: 5, against: 'the aim of 5 ms' },
] as const;
const MOST = 2000;
const AIM_OF_ECHO = 0.5;
const HELD = 0.99;
const WARM_UP_SECONDS = 3;
const CONNECTIONS = 32;

await benchmark({
  script: import.meta.url,
  about: `
The prediction container (model/server.ts) over HTTP, load generator on the same machine: one instance a request, ${CONNECTIONS} connections.
First its latency at steady rates, counted from the moment at which each request was due; then as many as it answers, against a
bare server of one process that parses the same requests and writes as much JSON.`,
  options: {
    model: [
      '',
      'a folder that npm run model -- train wrote; without it, a model of 3,000 generated sessions',
    ],
    test: ['', 'sessions to ask with (next item TAB the session so far); generated where there is no model'],
    threads: [2, 'MODEL_THREADS of the server'],
    seconds: [3, 'of each measurement'],
  },
  async measure({ values: { model, test, threads, seconds }, repeat, inTurns, tell }) {
    if ((model === '') !== (test === '')) throw new ConfigError('--model needs --test, and --test --model');
    const calls = await predictCalls(test === '' ? undefined : test);
    const folder = await mkdtemp(join(tmpdir(), 'nextclick-bench-'));
    const servers: StartedServer[] = [];
    try {
      if (model === '') await writeArtifact(await buildModel(aisleSessions(3000)), directoryArtifact(folder));
      const server = await startServer(new URL('../model/server.ts', import.meta.url), {
        AIP_HTTP_PORT: '0',
        AIP_HTTP_HOST: '127.0.0.1',
        AIP_STORAGE_URI: model || folder,
        MODEL_THREADS: String(threads),
      });
      servers.push(server);
      const title = `predictions by HTTP, ${threads} threads`;
      await atMost(server, calls, WARM_UP_SECONDS);
      for (const { rate, ms, against } of RATES) {
        const loads = await repeat(() =>
          loadAtRate(server.url, calls, { rate, seconds, connections: CONNECTIONS }),
        );
        const held = loads.every((load) => load.failed === 0 && load.rate >= HELD * rate);
        const rounds = loads.map(({ p90 }) => ({ ours: p90, theirs: ms }));
        tell({
          name: `${title}, p90 at ${rate}/s`,
          unit: 'ms',
          against,
          rounds,
          aim: 1,
          better: 'less',
          held,
        });
      }
      const echo = await startServer(new URL('prediction-server/echo-server.ts', import.meta.url));
      servers.push(echo);
      const turns = await inTurns(
        () => measured(server, calls, seconds),
        () => measured(echo, calls, seconds),
        1,
      );
      const held = turns.every(({ ours }) => ours.failed === 0);
      const rates = turns.map(({ ours, theirs }) => ({ ours: ours.rate, theirs: theirs.rate }));
      const common = { name: `${title}, at most`, unit: 'predictions/s', better: 'more', held } as const;
      tell({ ...common, against: 'a bare server that echoes', rounds: rates, aim: AIM_OF_ECHO });
      const few = rates.map(({ ours }) => ({ ours, theirs: MOST }));
      tell({ ...common, against: 'what it is to answer at least', rounds: few, aim: 1 });
      if (turns.some(({ ours }) => Number.isNaN(ours.cpuMs))) return;
      tell({
        name: `${title}, processor time`,
        unit: 'ms/prediction',
        against: 'a bare server that echoes',
        rounds: turns.map(({ ours, theirs }) => ({ ours: ours.cpuMs, theirs: theirs.cpuMs })),
        better: 'less',
      });
    } finally {
      for (const server of servers) server.stop();
      await rm(folder, { recursive: true });
    }
  },
});

/** As many as it answers, with the server's processor time for each. */
async function measured(server: StartedServer, calls: PredictCall[], seconds: number) {
  const before = server.cpuSeconds() ?? Number.NaN;
  const began = performance.now();
  const load = await atMost(server, calls, seconds);
  const answered = (load.rate * (performance.now() - began)) / 1000;
  return { ...load, cpuMs: (((server.cpuSeconds() ?? Number.NaN) - before) / answered) * 1000 };
}

/** Each connection asks when it was answered. */
async function atMost({ url }: StartedServer, calls: PredictCall[], seconds: number): Promise<Load> {
  const result = await autocannon({ url, connections: CONNECTIONS, requests: calls, duration: seconds });
  const { p50, p90, p99 } = result.latency;
  const failed = result.non2xx + result.errors + result.timeouts;
  return { rate: Math.round(result.requests.average), failed, p50, p90, p99 };
}
