import { buildModel } from './build.ts';
import { evaluateCases } from './evaluate.ts';
import { FILE_LIMITS, formatOf, type ModelCommand, parametersOf, required } from './model-command.ts';
import { readSessions, readTestCases } from './sessions-file.ts';

export const evaluateCommand: ModelCommand = {
  usage: 'evaluate --train FILE --test FILE [--format srgnn|sessions] [--parameters FILE]',
  summary: 'trains on one file and prints the quality, speed and size found on the other',
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
    const times: number[] = [];
    const metrics = await evaluateCases(model, readTestCases(test, format), (ms) => times.push(ms));
    times.sort((a, b) => a - b);
    const quantile = (q: number): number => times[Math.floor(q * (times.length - 1))] ?? 0;
    const { manifest } = model;
    const result = {
      method: manifest.method,
      ...metrics,
      latency_ms: { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99) },
      index_bytes: manifest.index.bytes,
      bytes_per_click: manifest.index.bytes / Math.max(1, manifest.counts.clicks),
      train_seconds: trainSeconds,
      peak_memory_bytes: process.resourceUsage().maxRSS * 1024,
      counts: manifest.counts,
    };
    const { latency_ms: latency } = result;
    const percent = (share: number): string => share.toFixed(4);
    return {
      json: result,
      text: [
        `method            ${result.method}, ${metrics.cases} test cases`,
        `HR@20 / MRR@20    ${percent(metrics.hr20)} / ${percent(metrics.mrr20)}   current item allowed`,
        `                  ${percent(metrics.hr20_excluding_current)} / ${percent(metrics.mrr20_excluding_current)}   current item excluded`,
        `coverage          ${percent(metrics.coverage)} of the items were listed`,
        `popularity bias   ${percent(metrics.popularity_bias)} mean percentile of what was listed`,
        `latency           p50 ${latency.p50.toFixed(2)} ms, p90 ${latency.p90.toFixed(2)} ms, p99 ${latency.p99.toFixed(2)} ms`,
        `index             ${(result.index_bytes / 1e6).toFixed(1)} MB, ${result.bytes_per_click.toFixed(1)} bytes a click`,
        `training          ${trainSeconds.toFixed(1)} s, peak memory ${(result.peak_memory_bytes / 1e6).toFixed(0)} MB`,
        '',
      ].join('\n'),
    };
  },
};
