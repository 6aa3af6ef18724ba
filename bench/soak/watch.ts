import { readBacklog } from '../../emulators/backlog.ts';
import { residentMegabytes } from '../../emulators/processes/memory.ts';
import type { Stack } from '../../emulators/stack.ts';

import { grows, type Point, slopeOf } from './slope.ts';

/** Something measured over time. Megabytes. */
export interface GrowthFigures {
  readonly first: number;
  readonly last: number;
  readonly most: number;
  /** Megabytes an hour, and its bounds with 95 % confidence. */
  readonly slope: number;
  readonly slope_low: number;
  readonly slope_high: number;
  readonly grows: boolean;
}

/** Memory of one function over time. */
export interface MemoryFigures {
  /** The memory it is deployed with. Megabytes. */
  readonly limit: number;
  /** What the machine has given it. */
  readonly resident: GrowthFigures;
  /** What it holds on to: in use once garbage is collected. Undefined where it has not said so often enough. */
  readonly live: GrowthFigures | undefined;
}

export interface BacklogFigures {
  /** Messages. */
  readonly most: number;
  readonly last: number;
  readonly grows: boolean;
}

/** Measures while it runs. */
export interface Watch {
  /** Takes down what a function holds on to, in megabytes. */
  seeLive(name: string, megabytes: number): void;
  /** Ends it, and says what was seen after the warm-up. */
  end(): { readonly memory: Readonly<Record<string, MemoryFigures>>; readonly backlog: BacklogFigures };
}

/** Growth that counts: this share of the mean, and this many megabytes or messages, over the whole span. */
const RESIDENT = { share: 0.1, amount: 10 } as const;
const LIVE = { share: 0.05, amount: 3 } as const;
const BACKLOG = { share: 0.5, amount: 50 } as const;
/** Samples that are kept, at most: slopes are between all pairs. */
const MOST_SAMPLES = 400;
const FEWEST_SAMPLES = 3;

/**
 * Looks at every function's memory and at the backlog, some hundred times in all.
 * @param warmUpMs what is seen before is left out: heaps and caches fill
 */
export function watchGrowth(
  stack: Stack,
  { runMs, warmUpMs }: { readonly runMs: number; readonly warmUpMs: number },
): Watch {
  const began = Date.now();
  const resident = new Map<string, Point[]>();
  const live = new Map<string, Point[]>();
  const backlog: Point[] = [];

  const see = (series: Map<string, Point[]>, name: string, y: number): void => {
    if (Date.now() - began < warmUpMs) return;
    const points = series.get(name) ?? [];
    points.push({ x: (Date.now() - began) / 3_600_000, y });
    series.set(name, points);
  };
  const look = async (): Promise<void> => {
    const pids = new Map([...stack.functions].map(([name, { child }]) => [child.pid() ?? 0, name]));
    for (const [pid, y] of await residentMegabytes([...pids.keys()])) {
      const name = pids.get(pid);
      if (name !== undefined) see(resident, name, y);
    }
    const { messages } = await readBacklog(stack);
    if (Date.now() - began >= warmUpMs) backlog.push({ x: (Date.now() - began) / 3_600_000, y: messages });
  };
  const every = Math.max(1000, runMs / MOST_SAMPLES);
  const timer = setInterval(() => void look().catch(() => undefined), every);

  return {
    seeLive: (name, megabytes) => see(live, name, megabytes),
    end() {
      clearInterval(timer);
      const figures = [...resident].map(([name, points]) => {
        const memory: MemoryFigures = {
          limit: stack.functions.get(name)?.spec.memoryMiB ?? 0,
          resident: figuresOf(points, RESIDENT),
          live: liveFigures(live.get(name) ?? []),
        };
        return [name, memory] as const;
      });
      const waiting = backlog.map(({ y }) => y);
      return {
        memory: Object.fromEntries(figures),
        backlog: { most: Math.max(0, ...waiting), last: waiting.at(-1) ?? 0, grows: grows(backlog, BACKLOG) },
      };
    },
  };
}

function liveFigures(points: readonly Point[]): GrowthFigures | undefined {
  return points.length < FEWEST_SAMPLES ? undefined : figuresOf(points, LIVE);
}

function figuresOf(points: readonly Point[], counts: Parameters<typeof grows>[1]): GrowthFigures {
  const { value, low, high } = slopeOf(points);
  const amounts = points.map(({ y }) => Math.round(y));
  return {
    first: amounts[0] ?? 0,
    last: amounts.at(-1) ?? 0,
    most: Math.max(...amounts),
    slope: Math.round(value),
    slope_low: Math.round(low),
    slope_high: Math.round(high),
    grows: grows(points, counts),
  };
}
