import { cpus, loadavg } from 'node:os';

/** What a benchmark prints, one JSON object to a line with `--json`. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The ceiling or the peer of the same run, and its figure. */
  readonly against: string;
  readonly ratio: number;
  /** Of the ratio; null where there is none. */
  readonly aim: number | null;
  readonly met: boolean | null;
  /** Whether more of the ratio is better (a rate) or less (a time, a size). */
  readonly better: 'more' | 'less';
  /** Least and greatest ratio of the rounds: the noise. */
  readonly spread: readonly [number, number];
  /** Load average while it was measured, by processor: above 1, others were at work too. */
  readonly load: number;
}

/** One round: ours and what it is held against, measured one right after the other. */
export interface Pair {
  readonly ours: number;
  readonly theirs: number;
}

export interface Comparison {
  readonly name: string;
  readonly unit: string;
  /** Without its figure. */
  readonly against: string;
  readonly rounds: readonly Pair[];
  /** Of the ratio. */
  readonly aim?: number;
  readonly better: Row['better'];
  /** False where a condition of the measurement was not kept, as a rate that was to be held: then no aim is met. */
  readonly held?: boolean;
}

/** The median round stands for all; its ratio is of figures of that same round. */
export function rowOf({ name, unit, against, rounds, aim, better, held = true }: Comparison): Row {
  const sorted = rounds
    .map(({ ours, theirs }) => ({ ours, theirs, ratio: ours / theirs }))
    .toSorted((a, b) => a.ratio - b.ratio);
  const middle = sorted[Math.floor(sorted.length / 2)];
  const [least, greatest] = [sorted[0], sorted.at(-1)];
  if (!middle || !least || !greatest) throw new Error(`${name}: nothing was measured`);
  const ratio = figure(middle.ratio);
  return {
    name,
    value: figure(middle.ours),
    unit,
    against: `${against}: ${figure(middle.theirs)}`,
    ratio,
    aim: aim ?? null,
    met: aim === undefined ? null : held && (better === 'more' ? ratio >= aim : ratio <= aim),
    better,
    spread: [figure(least.ratio), figure(greatest.ratio)],
    load: figure((loadavg()[0] ?? 0) / cpus().length),
  };
}

/** To three significant digits, as far as a figure is worth. */
export function figure(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/** A row as people read it. */
export function describeRow({ name, value, unit, against, ratio, aim, met, spread }: Row): string {
  const judged = aim === null ? '' : `, aim ${aim}: ${met ? 'met' : 'not met'}`;
  return `${name}: ${value} ${unit}\n    ${ratio} (${spread[0]} to ${spread[1]}) of ${against}${judged}`;
}
