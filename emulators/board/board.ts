import { FUNCTIONS } from '../../shared/pipeline.ts';
import type { Stats } from './stats.ts';

/** What a terminal shows of a running pipeline. */
export interface Board {
  /** A line that stays. */
  say(line: string): void;
  /** Draws the figures anew; on a terminal in place, else as one line now and then. */
  refresh(): void;
  /** The newest recommendation, in words. */
  recommended(line: string): void;
}

export interface BoardOptions {
  readonly stats: Stats;
  readonly write: (text: string) => void;
  readonly terminal: boolean;
  readonly columns?: () => number;
  readonly clock?: () => number;
}

const PLAIN_EVERY_MS = 5000;
const RECENT = 4;

export function makeBoard({
  stats,
  write,
  terminal,
  columns = () => 100,
  clock = Date.now,
}: BoardOptions): Board {
  let drawn = 0;
  let lastPlain = 0;
  let recent: readonly string[] = [];
  const erase = (): void => {
    if (drawn > 0) write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    const lines = [...table(stats), '', ...recent.map((line) => `  ${line}`)].map((line) =>
      line.slice(0, columns() - 1),
    );
    write(`${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  return {
    say(line) {
      erase();
      write(`${line}\n`);
    },
    recommended(line) {
      recent = [...recent, line].slice(-RECENT);
    },
    refresh() {
      if (terminal) {
        erase();
        draw();
      } else if (clock() - lastPlain >= PLAIN_EVERY_MS) {
        lastPlain = clock();
        write(`${plain(stats)}${recent.at(-1) ? ` | ${recent.at(-1)}` : ''}\n`);
      }
    },
  };
}

function table(stats: Stats): string[] {
  const heads = ['stage', 'in', 'out', 'failed', 'retried', 'restarts', 'events/s', 'p50 ms', 'p95 ms'];
  const rows = FUNCTIONS.map(({ name }) => {
    const stage = stats.stage(name);
    return [
      name,
      stage.in,
      stage.out,
      stage.failed,
      stage.redelivered,
      stage.restarts,
      stage.rate.toFixed(1),
      rounded(stage.duration.percentile(50)),
      rounded(stage.duration.percentile(95)),
    ].map(String);
  });
  const format = (cells: readonly string[]): string =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(12) : cell.padStart(10))).join('');
  return ['', format(heads), ...rows.map(format), '', `click → screen: ${latency(stats)}`];
}

function plain(stats: Stats): string {
  const counts = FUNCTIONS.map(({ name }) => ({ name, stage: stats.stage(name) }))
    .filter(({ stage }) => stage.in > 0)
    .map(({ name, stage }) => `${name} ${stage.in}${stage.failed ? ` (${stage.failed} failed)` : ''}`);
  return `${counts.join(' · ') || 'no events yet'} · click → screen ${latency(stats)}`;
}

function latency({ endToEnd }: Stats): string {
  if (endToEnd.size === 0) return '–';
  return `p50 ${rounded(endToEnd.percentile(50))} ms, p95 ${rounded(endToEnd.percentile(95))} ms`;
}

function rounded(value: number | undefined): string {
  return value === undefined ? '–' : String(Math.round(value));
}
