import { readFile, rm } from 'node:fs/promises';
import { buildBundle } from '../infra/build/bundle.ts';
import { openBundlesPlace } from '../infra/trial/bundles-place.ts';
import { deliverStray } from '../infra/trial/deliver.ts';
import { type RunningBundle, runBundle } from '../infra/trial/run-bundle.ts';
import { TRIALS } from '../infra/trial/trials.ts';
import { FUNCTIONS } from '../shared/pipeline.ts';
import { writeHelloWorld } from './cold-start/hello-world.ts';
import { benchmark } from './tools/benchmark.ts';

const AIM = 1.6;
/** It asks Vertex AI over gRPC, which is a large client. */
const AIM_OF_RECOMMEND = 2.5;
const AIM_OF_MEMORY = 2;

await benchmark({
  script: import.meta.url,
  about: `
Each function's bundle (or those of the functions named), built anew and started as the platform does: milliseconds from its
spawn to its first answer, and the memory it has taken at most once it has worked on real events; against the least function
there is, in turns.`,
  options: { unbuilt: [false, 'starts what is deployed before Google’s builder has compiled it'] },
  async measure({ values, positionals, inTurns, tell }) {
    const wanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name);
    for (const spec of FUNCTIONS) if (wanted(spec.name)) await buildBundle(spec);
    const { bench, env, order } = await openBundlesPlace();
    const hello = await writeHelloWorld();
    try {
      for (const name of order.filter(wanted)) {
        // Real events once: what a trial leaves behind is there for the next function.
        let trial = TRIALS[name];
        const turns = await inTurns(
          async () => {
            const bundle = await runBundle(name, env, { built: !values.unbuilt });
            return measured(bundle, async () => {
              await trial?.(bench, bundle.url);
              trial = undefined;
            });
          },
          async () => measured(await runBundle('hello', env, { from: hello })),
        );
        tell({
          name: `cold start, ${name}`,
          unit: 'ms',
          against: 'hello world',
          rounds: turns.map(({ ours, theirs }) => ({ ours: ours.ms, theirs: theirs.ms })),
          aim: name === 'recommend' ? AIM_OF_RECOMMEND : AIM,
          better: 'less',
        });
        tell({
          name: `cold start, ${name}, processor time`,
          unit: 'ms',
          against: 'hello world',
          rounds: turns.map(({ ours, theirs }) => ({ ours: ours.cpuMs, theirs: theirs.cpuMs })),
          better: 'less',
        });
        tell({
          name: `memory, ${name}`,
          unit: 'MB',
          against: 'hello world',
          rounds: turns.slice(0, 1).map(({ ours, theirs }) => ({ ours: ours.peak, theirs: theirs.peak })),
          aim: AIM_OF_MEMORY,
          better: 'less',
        });
      }
    } finally {
      await bench.close();
      await rm(hello, { recursive: true });
    }
  },
});

interface Start {
  /** From the spawn to the first answer, whatever it says. */
  readonly ms: number;
  /** Of processor time, by all threads, up to then. */
  readonly cpuMs: number;
  /** Megabytes that the process has had resident at most, its work included. */
  readonly peak: number;
}

/** Ends the bundle. */
async function measured(bundle: RunningBundle, work = async (): Promise<void> => undefined): Promise<Start> {
  try {
    await deliverStray(bundle.url);
    const ms = performance.now() - bundle.began;
    const cpuMs = await processorMs(bundle);
    await work();
    return { ms, cpuMs, peak: await peakMegabytes(bundle) };
  } finally {
    await bundle.stop();
  }
}

/** Processor time that the process has taken, its own and the system's for it, in steps of 10 (proc_pid_stat(5), utime and stime). */
async function processorMs({ pid }: RunningBundle): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [utime, stime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(utime) + Number(stime)) * 10;
}

/** The most memory that the process has had resident (proc_pid_status(5), VmHWM). */
async function peakMegabytes({ pid }: RunningBundle): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
