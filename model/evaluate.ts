import type { Artifact } from './artifact.ts';
import type { CleaningLimits } from './clean-session.ts';
import { type Span, stepsOf } from './collect-samples.ts';
import { type Corpus, readCorpus } from './corpus.ts';
import { heldOutFrom } from './held-out.ts';
import type { Knowledge } from './knowledge.ts';
import type { Asked } from './latency.ts';
import type { Metrics } from './manifest.ts';
import type { Ranker } from './ranker.ts';
import { makeRanker } from './recommender.ts';
import { eventOf, kindOf, type TrainingSession } from './session.ts';
import { casesOf, type TestCase } from './sessions-file.ts';

/** Length of the lists that are judged. */
const LIST = 20;

/** Counts hits, case by case. */
export interface Judge {
  /**
   * `next` is -1 for an item the model does not know: a miss.
   * @returns the place of `next` in the list, from 0; -1 where it is not on it
   */
  judge(prefix: Uint32Array, kinds: Uint8Array, length: number, next: number): number;
  metrics(): Metrics;
}

/** Judges a ranker; where there is none, or no item before, the popularity list. */
export function makeJudge(knowledge: Pick<Knowledge, 'popular'>, ranker: Ranker | undefined): Judge {
  const { popular } = knowledge;
  const place = new Map(Array.from(popular, (item, at) => [item, at]));
  const listed = new Set<number>();
  const all = { cases: 0, hits: 0, reciprocal: 0 };
  const excluding = { cases: 0, hits: 0, reciprocal: 0 };
  let shown = 0;
  let places = 0;
  return {
    judge(prefix, kinds, length, next) {
      const ranking = length > 0 ? ranker?.rank(prefix, kinds, length) : undefined;
      const ids = ranking?.ids ?? popular;
      const size = Math.min(ranking?.size ?? popular.length, LIST + 1);
      const current = length > 0 ? prefix[length - 1] : undefined;
      const at = ids.subarray(0, size).indexOf(next);
      let withoutCurrent = at;
      for (let i = 0; i < Math.min(size, LIST); i++) {
        const item = ids[i] ?? 0;
        listed.add(item);
        shown++;
        places += place.get(item) ?? popular.length;
        if (item === current && i < at) withoutCurrent--;
      }
      count(all, at);
      if (next !== current) count(excluding, withoutCurrent);
      return at < LIST ? at : -1;
    },
    metrics: () => ({
      cases: all.cases,
      hr20: share(all.hits, all.cases),
      mrr20: share(all.reciprocal, all.cases),
      hr20_excluding_current: share(excluding.hits, excluding.cases),
      mrr20_excluding_current: share(excluding.reciprocal, excluding.cases),
      coverage: share(listed.size, popular.length),
      popularity_bias: shown === 0 ? 0 : 1 - places / shown / Math.max(1, popular.length),
    }),
  };
}

/** Judges on steps of the corpus, at most `most` of them, evenly chosen. */
export function evaluateSpan(
  corpus: Corpus,
  span: Span,
  knowledge: Knowledge,
  ranker: Ranker | undefined,
  { maxPrefix, most }: { readonly maxPrefix: number; readonly most: number },
): Metrics {
  const judge = makeJudge(knowledge, ranker);
  const steps = (corpus.starts[span.to] ?? 0) - (corpus.starts[span.from] ?? 0) - (span.to - span.from);
  const stride = Math.max(1, steps / most);
  let due = 0;
  let at = 0;
  for (const { prefix, kinds, length, next } of stepsOf(corpus, span, knowledge.stats.count, maxPrefix)) {
    if (at++ < due) continue;
    due += stride;
    judge.judge(prefix, kinds, length, next);
  }
  return judge.metrics();
}

/** What came of one test case. */
export interface CaseResult {
  /** Clicks before, of items that the model knows. */
  readonly length: number;
  /** Place of the next item in the list, from 0; -1 where it is not on it. */
  readonly place: number;
  /** Whether the model knows the next item: if not, no list of it can hold it. */
  readonly known: boolean;
  /** Time on the clock. */
  readonly milliseconds: number;
}

/** Puts test cases into a model's numbers: the newest clicks that it reads, of items that it knows; -1 for an unknown next. */
export function makeCaseReader({ itemIds, parameters }: Pick<Artifact, 'itemIds' | 'parameters'>) {
  const numbers = new Map(itemIds.map((id, number) => [id, number]));
  return ({ prefix, events, next }: TestCase): Asked & { readonly next: number } => {
    const items: number[] = [];
    const kinds: number[] = [];
    for (let at = prefix.length - 1; at >= 0 && items.length < parameters.maxPrefix; at--) {
      const number = numbers.get(prefix[at] ?? '');
      if (number === undefined) continue;
      items.push(number);
      kinds.push(kindOf(events?.[at]));
    }
    return {
      items: Uint32Array.from(items).reverse(),
      kinds: Uint8Array.from(kinds).reverse(),
      next: numbers.get(next) ?? -1,
    };
  };
}

/** Judges an artifact on test cases, one after the other. */
export async function evaluateCases(
  artifact: Artifact,
  cases: Iterable<TestCase> | AsyncIterable<TestCase>,
  onCase: (result: CaseResult) => void = () => undefined,
): Promise<Metrics> {
  const read = makeCaseReader(artifact);
  const judge = makeJudge(artifact.knowledge, makeRanker(artifact));
  for await (const testCase of cases) {
    const { items, kinds, next } = read(testCase);
    const started = performance.now();
    const place = judge.judge(items, kinds, items.length, next);
    onCase({ length: items.length, place, known: next >= 0, milliseconds: performance.now() - started });
  }
  return judge.metrics();
}

/**
 * Judges an artifact on the newest `tail` (a share) of sessions that are in order of time, or bring times: for
 * comparing a live model with a new one on the same sessions.
 */
export async function evaluateHeldOut(
  artifact: Artifact,
  sessions: Iterable<TrainingSession> | AsyncIterable<TrainingSession>,
  { tail, limits }: { readonly tail: number; readonly limits: CleaningLimits },
): Promise<Metrics> {
  const corpus = await readCorpus(sessions, limits);
  const count = corpus.starts.length - 1;
  return evaluateCases(artifact, casesFrom(corpus, heldOutFrom(count, tail), count));
}

function* casesFrom(corpus: Corpus, from: number, to: number): Generator<TestCase> {
  for (let session = from; session < to; session++) {
    const clicks = corpus.clicks.subarray(corpus.starts[session], corpus.starts[session + 1]);
    const kinds = corpus.kinds.subarray(corpus.starts[session], corpus.starts[session + 1]);
    yield* casesOf({
      items: Array.from(clicks, (item) => corpus.itemIds[item] ?? ''),
      events: Array.from(kinds, eventOf),
    });
  }
}

function count(tally: { cases: number; hits: number; reciprocal: number }, at: number): void {
  tally.cases++;
  if (at < 0 || at >= LIST) return;
  tally.hits++;
  tally.reciprocal += 1 / (at + 1);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
