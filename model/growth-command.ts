import { basename, dirname } from 'node:path';
import { collectSamples, stepsOf } from './collect-samples.ts';
import { fitReranker } from './fit.ts';
import { type GrowthPoint, measureGrowth } from './growth.ts';
import { buildKnowledge } from './knowledge.ts';
import type { Asked } from './latency.ts';
import { corpusOf, type ModelCommand, parametersOf, required, wholeNumber } from './model-command.ts';
import { popularCorpus } from './popular-corpus.ts';

const SHARES = [0.1, 0.3, 1, 3, 10];
/** Few items soon have more sessions than are read of them. */
const SHARES_OF_FEW = [0.3, 1, 3, 10, 30];
const RANKINGS = 3000;
/** Enough for weights of the usual kind. */
const SAMPLES = 3000;

export const growthCommand: ModelCommand = {
  usage: 'growth --train FILE [--items N] [--format srgnn|sessions] [--parameters FILE]',
  summary:
    'latency, size and loading with a tenth of the sessions, all of them, and ten times as many; of the N most clicked items alone up to thirty times',
  async run(values, progress) {
    const train = required(values.train, 'train');
    const base = parametersOf(values);
    const parameters = { ...base, fit: { ...base.fit, samplesPerSlice: SAMPLES } };
    const items = values.items === undefined ? undefined : wholeNumber(values.items, 'items', 1);
    const whole = await corpusOf(train, values);
    const corpus = items === undefined ? whole : popularCorpus(whole, items);
    const count = corpus.starts.length - 1;
    const newest = { from: Math.floor(count * 0.95), to: count };
    const knowledge = buildKnowledge(corpus, newest.from, parameters);
    const reranker = fitReranker(collectSamples(corpus, knowledge, parameters, newest), parameters.fit);
    const sessions: Asked[] = [];
    for (const { prefix, kinds, length } of stepsOf(
      corpus,
      newest,
      knowledge.stats.count,
      parameters.maxPrefix,
    )) {
      sessions.push({ items: prefix.slice(0, length), kinds: kinds.slice(0, length) });
      if (sessions.length === RANKINGS) break;
    }
    const points: GrowthPoint[] = [];
    for (const share of items === undefined ? SHARES : SHARES_OF_FEW) {
      const point = await measureGrowth(corpus, share, parameters, reranker, sessions);
      points.push(point);
      progress(`${point.sessions} sessions: p90 ${point.latency_ms.p90.toFixed(2)} ms`);
    }
    const rows = points.map(
      ({ sessions: size, clicks, latency_ms: { p50, p90 }, index_bytes: bytes, load_seconds: load }) =>
        `${String(size).padStart(9)}  ${String(clicks).padStart(9)}  ${p50.toFixed(2)} ms  ${p90.toFixed(2)} ms  ${(bytes / clicks).toFixed(1).padStart(5)}         ${load.toFixed(2)} s`,
    );
    return {
      json: {
        data: basename(dirname(train)) + (items === undefined ? '' : `, ${items} items`),
        growth: points,
      },
      text: [' sessions     clicks  p50      p90      bytes a click  loading', ...rows, ''].join('\n'),
    };
  },
};
