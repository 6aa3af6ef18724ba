import { readBacklog } from '../../emulators/backlog.ts';
import { residentMegabytes } from '../../emulators/processes/memory.ts';
import type { Stack } from '../../emulators/stack.ts';

import { grows, type Point, slopeOf } from './slope.ts';

/** Memory of one function over time. Megabytes. */
export interface MemoryFigures {
  readonly first: number;
  readonly last: number;
  readonly most: number;
  /** The memory it is deployed with. */
  readonly limit: number;
  /** Megabytes an hour, and its bounds with 95 % confidence. */
  readonly slope: number;
  readonly slope_low: number;
  readonly slope_high: number;
  readonly grows: boolean;
}

export interface BacklogFigures {
  /** Messages. */
  readonly most: number;
  readonly last: number;
  readonly grows: boolean;
}

/** Measures while it runs. */
export interface Watch {
  /** Ends it, and says what was seen after the warm-up. */
  end(): { readonly memory: Readonly<Record<string, MemoryFigures>>; readonly backlog: BacklogFigures };
}

/** Growth that counts: this share of the mean, and this many megabytes or messages, over the whole span. */
const MEMORY = { share: 0.1, amount: 10 } as const;
const BACKLOG = { share: 0.5, amount: 50 } as const;
/** Samples that are kept, at most: slopes are between all pairs. */
const MOST_SAMPLES = 400;

/**
 * Looks at every function's memory and at the backlog, some hundred times in all.
 * @param warmUpMs what is seen before is left out: heaps and caches fill
 */
export function watchGrowth(
  stack: Stack,
  { runMs, warmUpMs }: { readonly runMs: number; readonly warmUpMs: number },
): Watch {
  const began = Date.now();
  const memory = new Map<string, Point[]>();
  const backlog: Point[] = [];

  const look = async (): Promise<void> => {
    const x = (Date.now() - began) / 3_600_000;
    const pids = new Map([...stack.functions].map(([name, { child }]) => [child.pid() ?? 0, name]));
    const resident = await residentMegabytes([...pids.keys()]);
    const { messages } = await readBacklog(stack);
    if (Date.now() - began < warmUpMs) return;
    for (const [pid, y] of resident) {
      const name = pids.get(pid);
      if (name === undefined) continue;
      const points = memory.get(name) ?? [];
      points.push({ x, y });
      memory.set(name, points);
    }
    backlog.push({ x, y: messages });
  };
  const every = Math.max(1000, runMs / MOST_SAMPLES);
  const timer = setInterval(() => void look().catch(() => undefined), every);

  return {
    end() {
      clearInterval(timer);
      const figures = [...memory].map(([name, points]) => {
        const limit = stack.functions.get(name)?.spec.memoryMiB ?? 0;
        return [name, figuresOf(points, limit)] as const;
      });
      const waiting = backlog.map(({ y }) => y);
      return {
        memory: Object.fromEntries(figures),
        backlog: { most: Math.max(0, ...waiting), last: waiting.at(-1) ?? 0, grows: grows(backlog, BACKLOG) },
      };
    },
  };
}

function figuresOf(points: readonly Point[], limit: number): MemoryFigures {
  const { value, low, high } = slopeOf(points);
  const resident = points.map(({ y }) => Math.round(y));
  return {
    first: resident[0] ?? 0,
    last: resident.at(-1) ?? 0,
    most: Math.max(...resident),
    limit,
    slope: Math.round(value),
    slope_low: Math.round(low),
    slope_high: Math.round(high),
    grows: grows(points, MEMORY),
  };
}
