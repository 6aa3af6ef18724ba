import { readFile, rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { BigQuery } from '@google-cloud/bigquery';
import { applyWarehouse } from '../infra/bigquery/apply.ts';
import { buildBundle } from '../infra/build/bundle.ts';
import { PROJECT, startBench } from '../infra/trial/bench.ts';
import { deliverStray } from '../infra/trial/deliver.ts';
import { type RunningBundle, runBundle } from '../infra/trial/run-bundle.ts';
import { TRIALS, WRITE_KEY } from '../infra/trial/trials.ts';
import { DATASET, FUNCTIONS } from '../shared/pipeline.ts';
import { writeHelloWorld } from './cold-start/hello-world.ts';
import { type Pair, print, rowOf } from './tools/row.ts';

const USAGE = `Usage: node bench/cold-start.bench.ts [NAME…] [--rounds N] [--json]

Each function's bundle, built anew and started as the platform does: milliseconds from its spawn to its first answer, and the
memory it has taken at most once it has worked on real events; against the least function there is, in turns.
  --rounds N   of cold starts; default 3
`;
const AIM = 1.6;
/** It asks Vertex AI over gRPC, which is a large client. */
const AIM_OF_RECOMMEND = 2.5;
const AIM_OF_MEMORY = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const order = [...Object.keys(TRIALS), ...FUNCTIONS.map(({ name }) => name)];
const names = [...new Set(order)].filter((name) => positionals.length === 0 || positionals.includes(name));
for (const spec of FUNCTIONS) if (names.includes(spec.name)) await buildBundle(spec);

const bench = await startBench();
const bigquery = new BigQuery({ projectId: PROJECT, apiEndpoint: bench.bigqueryUrl });
await applyWarehouse({ bigquery, dataset: DATASET, location: 'US' });
const env = {
  ...bench.env,
  GOOGLE_CLOUD_PROJECT: PROJECT,
  METADATA_SERVER_DETECTION: 'none',
  WRITE_KEYS: WRITE_KEY,
  MODEL_IMAGE: 'local/nextclick-model',
  PSEUDONYM_KEY: '0123456789abcdef0123456789abcdef',
};
const hello = await writeHelloWorld();
const startHello = (): Promise<RunningBundle> => runBundle('hello', env, hello);
try {
  for (const name of names) {
    const starts: Pair[] = [];
    const memory: Pair[] = [];
    for (let round = 0; round < Number(values.rounds); round += 1) {
      const theirs = await firstAnswer(await startHello());
      const ours = await firstAnswer(await runBundle(name, env));
      starts.push({ ours: ours.ms, theirs: theirs.ms });
      // Real events once: what a trial leaves behind is there for the next function.
      if (round === 0) await TRIALS[name]?.(bench, ours.bundle.url);
      if (round === 0) {
        memory.push({ ours: await peakMegabytes(ours.bundle), theirs: await peakMegabytes(theirs.bundle) });
      }
      await Promise.all([ours.bundle.stop(), theirs.bundle.stop()]);
    }
    const aim = name === 'recommend' ? AIM_OF_RECOMMEND : AIM;
    const start = { unit: 'ms', against: 'hello world', rounds: starts, aim, better: 'less' } as const;
    print(rowOf({ name: `cold start, ${name}`, ...start }), values.json);
    const size = {
      unit: 'MB',
      against: 'hello world',
      rounds: memory,
      aim: AIM_OF_MEMORY,
      better: 'less',
    } as const;
    print(rowOf({ name: `memory, ${name}`, ...size }), values.json);
  }
} finally {
  await bench.close();
  await rm(hello, { recursive: true });
}
process.exit();

/** Milliseconds from the spawn to the first answer, whatever it says. */
async function firstAnswer(
  bundle: RunningBundle,
): Promise<{ readonly bundle: RunningBundle; readonly ms: number }> {
  await deliverStray(bundle.url);
  return { bundle, ms: performance.now() - bundle.began };
}

/** The most memory that the process has had resident (proc_pid_status(5), VmHWM). */
async function peakMegabytes({ pid }: RunningBundle): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
