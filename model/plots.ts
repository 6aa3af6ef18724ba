import { z } from 'zod';
import type { LineChart } from './line-chart.ts';

const data = z.string();
const quality = { hr20: z.number(), mrr20: z.number() };

/** What `evaluate --json` prints of quality by session length. */
const Evaluation = z.object({ data, by_length: z.array(z.object({ clicks: z.string(), ...quality })) });
/** What `growth --json` prints. */
const Growth = z.object({
  data,
  growth: z.array(
    z.object({ sessions: z.int(), latency_ms: z.object({ p50: z.number(), p90: z.number() }) }),
  ),
});
/** What `curve --json` prints. */
const Curve = z.object({ data, curve: z.array(z.object({ sessions: z.int(), ...quality })) });

/** Figures as the other commands print them with --json. */
export const Figures = z.union([Evaluation, Growth, Curve]);
export type Figures = z.infer<typeof Figures>;

/** The charts that the figures make, by file name; figures of several shops share a chart. */
export function chartsOf(figures: readonly Figures[]): Readonly<Record<string, LineChart>> {
  const evaluations = figures.filter((each) => 'by_length' in each);
  const growths = figures.filter((each) => 'growth' in each);
  const curves = figures.filter((each) => 'curve' in each);
  return {
    ...(evaluations.length > 0 && { 'quality-by-length.svg': qualityByLength(evaluations) }),
    ...(growths.length > 0 && { 'latency-by-size.svg': latencyBySize(growths) }),
    ...(curves.length > 0 && { 'learning-curve.svg': learningCurve(curves) }),
  };
}

function qualityByLength(all: readonly z.infer<typeof Evaluation>[]): LineChart {
  const longest = all.reduce((a, b) => (b.by_length.length > a.by_length.length ? b : a));
  const places = longest.by_length.map(({ clicks }) => clicks);
  return {
    title: 'Quality by the length of the session so far',
    xLabel: 'clicks so far',
    yLabel: 'HR@20, MRR@20',
    places,
    lines: all.flatMap(({ data: name, by_length: rows }) => {
      const at = (place: string) => rows.find(({ clicks }) => clicks === place);
      return [
        { name: `${name} HR@20`, values: places.map((place) => at(place)?.hr20) },
        { name: `${name} MRR@20`, values: places.map((place) => at(place)?.mrr20) },
      ];
    }),
  };
}

/** Sizes of different shops stand at their rank: a tenth, three tenths, all, three and ten times. */
function latencyBySize(all: readonly z.infer<typeof Growth>[]): LineChart {
  const ranks = Math.max(...all.map(({ growth }) => growth.length));
  return {
    title: 'Latency of one prediction by the number of sessions',
    xLabel: `sessions (thousands): ${all.map(({ data: name }) => name).join(' / ')}`,
    yLabel: 'ms',
    places: namesOf(
      all.map(({ growth }) => growth),
      ranks,
    ),
    lines: all.flatMap(({ data: name, growth }) => [
      { name: `${name} p90`, values: growth.map(({ latency_ms: { p90 } }) => p90) },
      { name: `${name} p50`, values: growth.map(({ latency_ms: { p50 } }) => p50) },
    ]),
  };
}

function learningCurve(all: readonly z.infer<typeof Curve>[]): LineChart {
  const ranks = Math.max(...all.map(({ curve }) => curve.length));
  return {
    title: 'Quality by the number of sessions learned from',
    xLabel: `sessions (thousands): ${all.map(({ data: name }) => name).join(' / ')}`,
    yLabel: 'HR@20, MRR@20',
    places: namesOf(
      all.map(({ curve }) => curve),
      ranks,
    ),
    lines: all.flatMap(({ data: name, curve }) => [
      { name: `${name} HR@20`, values: curve.map(({ hr20 }) => hr20) },
      { name: `${name} MRR@20`, values: curve.map(({ mrr20 }) => mrr20) },
    ]),
  };
}

/** The sizes at each rank, in thousands: `30`, or `126 / 187` where shops differ. */
function namesOf(all: readonly (readonly { readonly sessions: number }[])[], ranks: number): string[] {
  return Array.from({ length: ranks }, (_, rank) => {
    const sizes = all.map((points) => Number(((points[rank]?.sessions ?? 0) / 1000).toPrecision(3)));
    return [...new Set(sizes)].join(' / ');
  });
}
