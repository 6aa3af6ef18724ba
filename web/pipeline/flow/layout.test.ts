import { expect, test } from 'vitest';
import { FUNCTIONS, TOPICS } from '../../../shared/pipeline.ts';
import { pipelineGraph } from './graph.ts';
import { type Layout, layoutOf, type Placed } from './layout.ts';

function overlapping({ nodes }: Layout): readonly string[] {
  const placed = [...nodes.values()];
  const meet = (a: Placed, b: Placed): boolean =>
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  return placed.flatMap((a, index) =>
    placed.slice(index + 1).flatMap((b) => (meet(a, b) ? [`${a.id} and ${b.id}`] : [])),
  );
}

const x = ({ nodes }: Layout, id: string): number => nodes.get(id)?.x ?? Number.NaN;

test('every function, and every topic that one reads or publishes to, is drawn, none on another', () => {
  const layout = layoutOf(pipelineGraph());
  for (const { name, publishes } of FUNCTIONS) {
    expect(layout.nodes.has(`function:${name}`)).toBe(true);
    for (const topic of publishes) expect(layout.nodes.has(`topic:${topic}`)).toBe(true);
  }
  expect(overlapping(layout)).toEqual([]);
  for (const { x: left, y, width, height } of layout.nodes.values()) {
    expect(left).toBeGreaterThanOrEqual(0);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(left + width).toBeLessThanOrEqual(layout.width);
    expect(y + height).toBeLessThanOrEqual(layout.height);
  }
});

test('events go from left to right', () => {
  const layout = layoutOf(pipelineGraph());
  const way = [
    'source:HTTP',
    'function:ingest',
    `topic:${TOPICS.raw}`,
    'function:enrich',
    `topic:${TOPICS.enriched}`,
    'function:recommend',
    `topic:${TOPICS.recommendations}`,
    'function:push',
  ].map((id) => x(layout, id));
  expect(way).toEqual([...way].sort((a, b) => a - b));
  expect(new Set(way).size).toBe(way.length);
  for (const { path } of layout.edges) expect(path).toMatch(/^M-?[\d.]+,/);
});

test('a function that reads what it publishes makes no knot', () => {
  const [template] = FUNCTIONS;
  if (!template) throw new Error('there are no functions');
  const loop = {
    ...template,
    name: 'loop',
    triggers: [{ kind: 'topic', topic: TOPICS.raw }],
    publishes: [TOPICS.enriched],
  } as const;
  const back = {
    ...template,
    name: 'back',
    triggers: [{ kind: 'topic', topic: TOPICS.enriched }],
    publishes: [TOPICS.raw],
  } as const;
  const layout = layoutOf(pipelineGraph([loop, back]));
  expect(overlapping(layout)).toEqual([]);
  expect(layout.width).toBeLessThan(1000);
});
