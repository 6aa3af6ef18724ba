import { cpus, loadavg } from 'node:os';

/** What a benchmark prints, one JSON object to a line with `--json`. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The ceiling or the peer of the same run, and its figure. */
  readonly against: string;
  readonly ratio: number;
  readonly aim: number;
  readonly met: boolean;
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
  readonly aim: number;
  /** Whether a ratio above the aim meets it (a rate) or one below (a time, a size). */
  readonly better: 'more' | 'less';
}

/** The median round stands for all; its ratio is of figures of that same round. */
export function rowOf({ name, unit, against, rounds, aim, better }: Comparison): Row {
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
    aim,
    met: better === 'more' ? ratio >= aim : ratio <= aim,
    spread: [figure(least.ratio), figure(greatest.ratio)],
    load: figure((loadavg()[0] ?? 0) / cpus().length),
  };
}

/** To three significant digits, as far as a figure is worth. */
export function figure(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/** A row for a person, or as JSON for a program, on standard output. */
export function print(row: Row, json: boolean): void {
  const { name, value, unit, against, ratio, aim, met, spread } = row;
  process.stdout.write(
    json
      ? `${JSON.stringify(row)}\n`
      : `${name}: ${value} ${unit}; ${against}; ratio ${ratio} (${spread[0]} to ${spread[1]}), aim ${aim}: ${met ? 'met' : 'not met'}\n`,
  );
}
