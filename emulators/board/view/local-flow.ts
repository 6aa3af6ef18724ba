import { FUNCTIONS } from '../../../shared/pipeline.ts';
import type { Sample } from '../percentiles.ts';
import type { Stats } from '../stats.ts';
import type { FlowSource } from './feed.ts';
import type { QueueFigures } from './protocol.ts';

export interface LocalFlowOptions {
  readonly stats: Stats;
  /** Each subscription's figures by its short name; empty where the emulator does not tell. */
  readonly queues: () => Promise<Readonly<Record<string, QueueFigures>>>;
  readonly clock?: () => number;
}

/**
 * Figures of the stack on this machine: what functions log, and what the Pub/Sub emulator held a moment ago. The emulator is not
 * waited for: under load it has better things to do than to answer.
 */
export function makeLocalFlow({ stats, queues, clock = Date.now }: LocalFlowOptions): FlowSource {
  let held: Readonly<Record<string, QueueFigures>> = {};
  let asking = false;
  const ask = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    held = await queues().catch(() => held);
    asking = false;
  };
  return {
    everyMs: 250,
    async read() {
      void ask();
      const stages = FUNCTIONS.map(({ name }) => {
        const { duration, ...figures } = stats.stage(name);
        return [name, { ...figures, ...quantiles(duration) }] as const;
      });
      return {
        at: clock(),
        stages: Object.fromEntries(stages),
        queues: held,
        screen: { count: stats.endToEnd.size, ...quantiles(stats.recentEndToEnd) },
      };
    },
  };
}

function quantiles(sample: Sample): { readonly p50: number | null; readonly p95: number | null } {
  return { p50: sample.percentile(50) ?? null, p95: sample.percentile(95) ?? null };
}
