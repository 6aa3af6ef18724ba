import { collectSamples } from './collect-samples.ts';
import type { Corpus } from './corpus.ts';
import { evaluateSpan } from './evaluate.ts';
import { fitReranker } from './fit.ts';
import { type KnowledgeSource, makeKnowledgeCache } from './knowledge-cache.ts';
import { Parameters } from './parameters.ts';
import { makeRandom } from './random.ts';
import { makeLearnedRanker } from './ranker.ts';

/** Share of the sessions in a slice. Slices are numbered from the newest, which is 0. */
const SLICE = 0.05;
/** Trials are judged on the newest slice; what they find is confirmed on one that none was judged on or taught by. */
const TRIED_ON = 0;
const CONFIRMED_ON = 2;
const TAUGHT = 4000;
const JUDGED = 10_000;

/**
 * A whole number to search, or a positive quantity; both by factors. Numbers of candidates are not searched: more are
 * never worse, and cost time.
 */
type Knob = { readonly path: readonly [string, string]; readonly whole: boolean };

const KNOBS: readonly Knob[] = [
  ...['k', 'm'].map((name): Knob => ({ path: ['vstan', name], whole: true })),
  ...['spw', 'snh', 'inh', 'ipw', 'idf'].map((name): Knob => ({ path: ['vstan', name], whole: false })),
  ...['width', 'reach'].map((name): Knob => ({ path: ['matrix', name], whole: true })),
  ...['recency', 'after', 'before', 'together'].map(
    (name): Knob => ({ path: ['matrix', name], whole: false }),
  ),
  { path: ['walk', 'from'], whole: true },
  { path: ['walk', 'decay'], whole: false },
  { path: ['walk', 'beam'], whole: true },
  ...['floor', 'recency'].map((name): Knob => ({ path: ['suffix', name], whole: false })),
];

export interface Trial {
  readonly parameters: Parameters;
  /** HR@20 + MRR@20, averaged over the shops. */
  readonly value: number;
}

/** What a search came to. */
export interface Tuned extends Trial {
  /** HR@20 + MRR@20 of the parameters it started from. */
  readonly start: number;
  /**
   * The same two on older sessions, by which nothing was chosen: the best of many trials is partly the luckiest, and a gain
   * that is not seen here is luck.
   */
  readonly confirmed: { readonly start: number; readonly best: number };
}

interface Shop {
  readonly corpus: Corpus;
  readonly knowledgeOf: KnowledgeSource;
}

/**
 * Searches parameters on the tail of training sessions: from the best so far, one or two are multiplied by a random
 * factor and kept if the value rises. One set for all shops. The same seed repeats the search.
 */
export function tune(
  corpora: readonly Corpus[],
  start: Parameters,
  {
    trials,
    seed,
    onTrial,
  }: { readonly trials: number; readonly seed: number; onTrial(trial: Trial, best: Trial): void },
): Tuned {
  const shops = corpora.map((corpus): Shop => ({ corpus, knowledgeOf: makeKnowledgeCache(corpus) }));
  const random = makeRandom(seed);
  const first: Trial = { parameters: start, value: meanValue(shops, start, TRIED_ON) };
  let best = first;
  onTrial(best, best);
  for (let trial = 0; trial < trials; trial++) {
    let parameters = best.parameters;
    for (let changes = random() < 0.5 ? 1 : 2; changes > 0; changes--)
      parameters = changed(parameters, random);
    const tried = { parameters, value: meanValue(shops, parameters, TRIED_ON) };
    if (tried.value > best.value) best = tried;
    onTrial(tried, best);
  }
  const confirmed = {
    start: meanValue(shops, start, CONFIRMED_ON),
    best: meanValue(shops, best.parameters, CONFIRMED_ON),
  };
  return { ...best, start: first.value, confirmed };
}

/** The parameters with one knob turned by a factor between a half and two. */
function changed(parameters: Parameters, random: () => number): Parameters {
  const knob = KNOBS[Math.floor(random() * KNOBS.length)];
  if (!knob) return parameters;
  const [group, name] = knob.path;
  const all: Record<string, unknown> = { ...parameters };
  const values = { ...(all[group] as Record<string, number>) };
  const turned = (values[name] ?? 1) * 2 ** (2 * random() - 1);
  values[name] = knob.whole ? Math.max(1, Math.round(turned)) : turned;
  const result = Parameters.safeParse({ ...all, [group]: values });
  return result.success ? result.data : parameters;
}

function meanValue(shops: readonly Shop[], parameters: Parameters, slice: number): number {
  return shops.reduce((total, shop) => total + valueFor(shop, parameters, slice), 0) / shops.length;
}

/** Quality on a slice with a linear re-ranker, which learns fast, from the slice before. */
function valueFor({ corpus, knowledgeOf }: Shop, parameters: Parameters, slice: number): number {
  const count = corpus.starts.length - 1;
  const width = Math.floor(count * SLICE);
  const to = count - slice * width;
  const judged = { from: to - width, to };
  const taught = { from: judged.from - width, to: judged.from };
  const quick = { ...parameters, fit: { ...parameters.fit, samplesPerSlice: TAUGHT } };
  const samples = collectSamples(corpus, knowledgeOf(taught.from, quick), quick, taught);
  const reranker = fitReranker(samples, quick.fit, { hidden: 0 });
  const knowledge = knowledgeOf(judged.from, quick);
  const ranker = makeLearnedRanker(knowledge, quick, reranker);
  const limits = { maxPrefix: quick.maxPrefix, most: JUDGED };
  const { hr20, mrr20 } = evaluateSpan(corpus, judged, knowledge, ranker, limits);
  return hr20 + mrr20;
}
