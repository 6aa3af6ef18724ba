import { basename, dirname } from 'node:path';
import { buildModel } from './build.ts';
import { evaluateCases } from './evaluate.ts';
import type { Method } from './manifest.ts';
import { FILE_LIMITS, formatOf, type ModelCommand, parametersOf, required } from './model-command.ts';
import { readSessions, readTestCases } from './sessions-file.ts';

const SIZES = [100, 300, 1000, 3000, 10_000, 30_000, Number.POSITIVE_INFINITY];

interface Point {
  readonly sessions: number;
  readonly method: Method;
  readonly hr20: number;
  readonly mrr20: number;
  readonly train_seconds: number;
}

export const curveCommand: ModelCommand = {
  usage: 'curve --train FILE --test FILE [--format srgnn|sessions] [--parameters FILE]',
  summary: 'the learning curve: quality of models of the newest 100, 300 … sessions and of all',
  async run(values, progress) {
    const train = required(values.train, 'train');
    const test = required(values.test, 'test');
    const format = formatOf(values);
    const parameters = parametersOf(values);
    const sessions = await Array.fromAsync(readSessions(train, format));
    sessions.sort((a, b) => (a.times?.at(-1) ?? 0) - (b.times?.at(-1) ?? 0));
    const points: Point[] = [];
    for (const size of SIZES) {
      if (Number.isFinite(size) && size >= sessions.length) continue;
      const started = performance.now();
      const newest = Number.isFinite(size) ? sessions.slice(-size) : sessions;
      const model = await buildModel(newest, { parameters, limits: FILE_LIMITS });
      const seconds = (performance.now() - started) / 1000;
      const { hr20, mrr20 } = await evaluateCases(model, readTestCases(test, format));
      const { method } = model.manifest;
      points.push({ sessions: newest.length, method, hr20, mrr20, train_seconds: seconds });
      progress(`${newest.length} sessions: ${method}, HR@20 ${hr20.toFixed(4)}, MRR@20 ${mrr20.toFixed(4)}`);
    }
    const rows = points.map(
      ({ sessions: count, method, hr20, mrr20, train_seconds }) =>
        `${String(count).padStart(9)}  ${method.padEnd(10)}  ${hr20.toFixed(4)}  ${mrr20.toFixed(4)}  ${train_seconds.toFixed(1).padStart(7)} s`,
    );
    return {
      json: { data: basename(dirname(train)), curve: points },
      text: [' sessions  method      HR@20   MRR@20  training', ...rows, ''].join('\n'),
    };
  },
};
