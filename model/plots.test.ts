import { expect, it } from 'vitest';
import { chartsOf, Figures } from './plots.ts';

const evaluation = (data: string, ...clicks: readonly string[]) => ({
  data,
  by_length: clicks.map((name, at) => ({ clicks: name, hr20: 0.5 + at / 100, mrr20: 0.2 })),
});
const growth = (data: string, ...sizes: readonly number[]) => ({
  data,
  growth: sizes.map((sessions) => ({ sessions, latency_ms: { p50: 0.2, p90: sessions / 1e6 } })),
});
const curve = (data: string, ...sizes: readonly number[]) => ({
  data,
  curve: sizes.map((sessions) => ({ sessions, hr20: sessions / 1e6, mrr20: 0.1 })),
});

it('draws a chart of each kind of figures, and none of what is not given', () => {
  expect(Object.keys(chartsOf([evaluation('a', '1')]))).toEqual(['quality-by-length.svg']);
  expect(Object.keys(chartsOf([evaluation('a', '1'), growth('a', 1), curve('a', 1)]))).toEqual([
    'quality-by-length.svg',
    'latency-by-size.svg',
    'learning-curve.svg',
  ]);
  expect(chartsOf([])).toEqual({});
});

it('puts shops whose sessions end at different lengths on one axis', () => {
  const chart = chartsOf([evaluation('short', '1', '2'), evaluation('long', '1', '2', '3')]);
  expect(chart['quality-by-length.svg']).toMatchObject({
    places: ['1', '2', '3'],
    lines: [
      { name: 'short HR@20', values: [0.5, 0.51, undefined] },
      { name: 'short MRR@20', values: [0.2, 0.2, undefined] },
      { name: 'long HR@20', values: [0.5, 0.51, 0.52] },
      { name: 'long MRR@20', values: [0.2, 0.2, 0.2] },
    ],
  });
});

it('names sizes in thousands, both where shops differ', () => {
  const charts = chartsOf([
    growth('a', 12_600, 126_000),
    growth('b', 18_700, 187_000),
    curve('a', 100, 3000),
  ]);
  expect(charts['latency-by-size.svg']?.places).toEqual(['12.6 / 18.7', '126 / 187']);
  expect(charts['learning-curve.svg']?.places).toEqual(['0.1', '3']);
});

it('tells figures by what they hold', () => {
  expect(Figures.parse(growth('a', 1))).toHaveProperty('growth');
  expect(Figures.safeParse({ data: 'a', points: [] }).success).toBe(false);
});
