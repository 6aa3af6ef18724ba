import { expect, test } from 'vitest';
import { drawRatioChart, timesOfAim } from './ratio-chart.ts';
import { rowOf } from './row.ts';

const row = (name: string, ours: number, aim?: number) =>
  rowOf({
    ...{ name, unit: 'MB/s', against: 'a peer', rounds: [{ ours, theirs: 100 }], better: 'more' },
    ...(aim === undefined ? {} : { aim }),
  });

test.each([
  ['more', 0.6, 0.3, 2],
  ['less', 0.6, 0.3, 0.5],
  ['less', 0.3, 0.6, 2],
] as const)('where %s is better, %d for an aim of %d is %d times the aim', (better, ratio, aim, times) => {
  expect(timesOfAim({ ratio, better }, aim)).toBe(times);
});

test('rows with an aim have a bar, in another colour where it is not met', () => {
  const svg = drawRatioChart('Ratios', [
    row('fast & good', 80, 0.4),
    row('slow', 10, 0.4),
    row('aimless', 50),
  ]);
  const bars = [...svg.matchAll(/<rect x="([\d.]+)".* width="([\d.]+)".* fill="(#\w+)"/g)];
  expect(bars.map(([, , , colour]) => colour)).toEqual(['#0072b2', '#d55e00']);
  const [met, missed] = bars.map(([, left, width]) => ({ left: Number(left), width: Number(width) }));
  // Twice the aim begins at the middle; a quarter of it ends there, and is twice as long.
  expect((missed?.left ?? 0) + (missed?.width ?? 0)).toBeCloseTo(met?.left ?? 0, 0);
  expect((missed?.width ?? 0) / (met?.width ?? 1)).toBeCloseTo(2, 1);
  expect(svg).toContain('fast &amp; good');
  expect(svg).not.toContain('aimless');
});
