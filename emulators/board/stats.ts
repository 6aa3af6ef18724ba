import { FUNCTIONS } from '../../shared/pipeline.ts';
import type { FunctionLine } from '../functions.ts';
import { makeSample, type Sample } from './percentiles.ts';

/** What one function has done so far. */
export interface StageStats {
  readonly in: number;
  readonly out: number;
  readonly failed: number;
  /** Deliveries that ended in an error and come again. */
  readonly redelivered: number;
  readonly restarts: number;
  /** Events a second over the last five seconds. */
  readonly rate: number;
  /** Milliseconds to handle one delivery. */
  readonly duration: Sample;
}

/** Figures of all stages, from the lines that functions log. */
export interface Stats {
  observe(line: FunctionLine): void;
  died(name: string): void;
  stage(name: string): StageStats;
  /** Milliseconds from ingest's receipt of a click to its recommendation in Firestore. */
  readonly endToEnd: Sample;
  /** The newest thousand of them. */
  readonly recentEndToEnd: Sample;
  /** Epoch milliseconds of the last delivery that was handled, and of the last that went wrong. */
  lastActivity(): number;
  lastTrouble(): number;
}

interface Stage {
  in: number;
  out: number;
  failed: number;
  redelivered: number;
  restarts: number;
  readonly duration: Sample;
  readonly seconds: Map<number, number>;
}

const WINDOW_SECONDS = 5;

export function makeStats(clock: () => number = Date.now): Stats {
  const stages = new Map<string, Stage>(
    FUNCTIONS.map(({ name }) => [
      name,
      {
        in: 0,
        out: 0,
        failed: 0,
        redelivered: 0,
        restarts: 0,
        duration: makeSample(500),
        seconds: new Map(),
      },
    ]),
  );
  const endToEnd = makeSample(100_000);
  const recentEndToEnd = makeSample(1000);
  let activity = clock();
  let trouble = 0;
  const stageOf = (name: string): Stage => {
    const stage = stages.get(name);
    if (!stage) throw new Error(`the pipeline has no function ${name}`);
    return stage;
  };

  return {
    endToEnd,
    recentEndToEnd,
    observe({ function: name, metric }) {
      if (!metric) return;
      const stage = stageOf(name);
      const now = clock();
      const count = numeric(metric.in);
      const second = Math.floor(now / 1000);
      activity = now;
      stage.in += count;
      stage.out += numeric(metric.out);
      stage.failed += numeric(metric.failed);
      stage.seconds.set(second, (stage.seconds.get(second) ?? 0) + count);
      for (const old of stage.seconds.keys()) if (old < second - WINDOW_SECONDS) stage.seconds.delete(old);
      if (metric.redeliver === 1) {
        stage.redelivered += 1;
        trouble = now;
      } else stage.duration.add(numeric(metric.duration_ms));
      if (Array.isArray(metric.end_to_end_ms))
        for (const ms of metric.end_to_end_ms) {
          endToEnd.add(numeric(ms));
          recentEndToEnd.add(numeric(ms));
        }
    },
    died(name) {
      stageOf(name).restarts += 1;
      trouble = clock();
    },
    stage(name) {
      const { seconds, ...figures } = stageOf(name);
      const now = Math.floor(clock() / 1000);
      let recent = 0;
      for (const [second, count] of seconds)
        if (second < now && second >= now - WINDOW_SECONDS) recent += count;
      return { ...figures, rate: recent / WINDOW_SECONDS };
    },
    lastActivity: () => activity,
    lastTrouble: () => trouble,
  };
}

function numeric(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
