import { expect, it } from 'vitest';
import { drawLineChart } from './line-chart.ts';

const svg = drawLineChart({
  title: 'Hits & "misses"',
  xLabel: 'clicks',
  yLabel: 'HR@20',
  places: ['1', '2', '<9'],
  lines: [
    { name: 'first', values: [0, 0.5, 0.57] },
    { name: 'second', values: [0.6, undefined, 0.3] },
  ],
});
const pointsOf = (line: number): number[][] =>
  [...svg.matchAll(/points="([^"]*)"/g)]
    .map(([, points = '']) => points.split(' ').map((point) => point.split(',').map(Number)))
    .at(line) ?? [];

it('puts higher values higher, from zero at the foot to the top of the scale', () => {
  const [zero, half, most] = pointsOf(0);
  expect(zero?.[1]).toBe(304); // the foot
  expect(pointsOf(1)[0]?.[1]).toBe(48); // .6, the top
  expect(half?.[1]).toBeGreaterThan(most?.[1] ?? 0);
  expect(zero?.[0]).toBeLessThan(half?.[0] ?? 0);
});

it('leaves out places without a value', () => {
  expect(pointsOf(1)).toHaveLength(2);
  expect(pointsOf(1)[1]?.[0]).toBe(pointsOf(0)[2]?.[0]);
});

it('names lines, axes and places, escaped for XML', () => {
  for (const name of ['first', 'second', 'clicks', 'HR@20', '&lt;9', 'Hits &amp; &quot;misses&quot;'])
    expect(svg).toContain(`>${name}</text>`);
  expect(svg).not.toContain('<9');
});

it('draws a chart of nothing', () => {
  const empty = drawLineChart({ title: '', xLabel: '', yLabel: '', places: [], lines: [] });
  expect(empty).toMatch(/^<svg .*<\/svg>\n$/s);
  expect(empty).not.toContain('NaN');
});
