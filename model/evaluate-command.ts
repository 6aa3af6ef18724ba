import { basename, dirname } from 'node:path';
import { writeArtifact } from './artifact.ts';
import { buildModel } from './build.ts';
import { makeCaseReport } from './case-report.ts';
import { directoryArtifact } from './directory-artifacts.ts';
import { evaluateCases, makeCaseReader } from './evaluate.ts';
import { type Asked, type Latency, measureLatency } from './latency.ts';
import { loadTime } from './load-time.ts';
import { FILE_LIMITS, formatOf, type ModelCommand, parametersOf, required } from './model-command.ts';
import { makeRanker } from './recommender.ts';
import { readSessions, readTestCases, type TestCase } from './sessions-file.ts';

/** Test cases whose latency is measured. */
const TIMED = 3000;

export const evaluateCommand: ModelCommand = {
  usage: 'evaluate --train FILE --test FILE [--out DIRECTORY] [--format srgnn|sessions] [--parameters FILE]',
  summary:
    'trains on one file and prints the quality, speed and size found on the other; --out keeps the model',
  async run(values, progress) {
    const train = required(values.train, 'train');
    const test = required(values.test, 'test');
    const format = formatOf(values);
    const started = performance.now();
    const model = await buildModel(readSessions(train, format), {
      parameters: parametersOf(values),
      limits: FILE_LIMITS,
      onProgress: progress,
    });
    const trainSeconds = (performance.now() - started) / 1000;
    const trainCpu = process.cpuUsage();
    const peakMemory = process.resourceUsage().maxRSS * 1024;
    if (values.out !== undefined) await writeArtifact(model, directoryArtifact(values.out));
    const cases = makeCaseReport();
    const metrics = await evaluateCases(model, readTestCases(test, format), (result) => cases.add(result));
    const ranker = makeRanker(model);
    const asked = await someOf(readTestCases(test, format), metrics.cases, makeCaseReader(model));
    const load = await loadTime(model);
    const { counts, index, method } = model.manifest;
    const perTenMillion = 1e7 / Math.max(1, counts.clicks);
    const result = {
      data: basename(dirname(train)),
      method,
      ...metrics,
      ...cases.report(),
      ...(ranker && { latency_undisturbed_ms: measureLatency(ranker, asked) }),
      index_bytes: index.bytes,
      bytes_per_click: index.bytes / Math.max(1, counts.clicks),
      load_seconds: load.seconds,
      load_seconds_per_10m_clicks: load.seconds * perTenMillion,
      load_cpu_seconds_per_10m_clicks: load.cpuSeconds * perTenMillion,
      train_seconds: trainSeconds,
      train_cpu_seconds: (trainCpu.user + trainCpu.system) / 1e6,
      peak_memory_bytes: peakMemory,
      counts,
    };
    const fixed = (value: number): string => value.toFixed(4);
    const times = ({ p50, p90, p99 }: Latency): string =>
      `p50 ${p50.toFixed(2)} ms, p90 ${p90.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
    return {
      json: result,
      text: [
        `method            ${method}, ${metrics.cases} test cases`,
        `HR@20 / MRR@20    ${fixed(metrics.hr20)} / ${fixed(metrics.mrr20)}   current item allowed`,
        `                  ${fixed(metrics.hr20_excluding_current)} / ${fixed(metrics.mrr20_excluding_current)}   current item excluded`,
        ...result.by_length.map(
          ({ clicks, cases: count, hr20, mrr20 }) =>
            `  after ${clicks.padEnd(10)}${fixed(hr20)} / ${fixed(mrr20)}   ${count} cases`,
        ),
        `known next items  ${fixed(result.known_share)} of the cases`,
        `coverage          ${fixed(metrics.coverage)} of the items were listed`,
        `popularity bias   ${fixed(metrics.popularity_bias)} mean percentile of what was listed`,
        `latency           ${times(result.latency_ms)} on the clock`,
        ...(result.latency_undisturbed_ms
          ? [`                  ${times(result.latency_undisturbed_ms)} undisturbed`]
          : []),
        `index             ${(index.bytes / 1e6).toFixed(1)} MB, ${result.bytes_per_click.toFixed(1)} bytes a click`,
        `loading           ${load.seconds.toFixed(2)} s, ${result.load_seconds_per_10m_clicks.toFixed(2)} s for 10 million clicks`,
        `training          ${trainSeconds.toFixed(1)} s, ${result.train_cpu_seconds.toFixed(1)} s of processor time, peak memory ${(peakMemory / 1e6).toFixed(0)} MB`,
        '',
      ].join('\n'),
    };
  },
};

/** An even selection of the cases that have a known click. */
async function someOf(
  cases: AsyncIterable<TestCase>,
  count: number,
  read: (testCase: TestCase) => Asked,
): Promise<Asked[]> {
  const some: Asked[] = [];
  const stride = Math.max(1, Math.floor(count / TIMED));
  let at = 0;
  for await (const testCase of cases) {
    if (at++ % stride !== 0) continue;
    const asked = read(testCase);
    if (asked.items.length > 0) some.push(asked);
  }
  return some;
}
