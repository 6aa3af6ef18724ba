import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import { layersOf } from './layers.ts';

/** A node with its place; x and y are of the upper left corner. Units are SVG user units. */
export interface Placed extends GraphNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<string, Placed>;
  readonly edges: readonly (GraphEdge & { readonly path: string })[];
}

const SIZES: Readonly<Record<GraphNode['kind'], { readonly width: number; readonly height: number }>> = {
  function: { width: 146, height: 78 },
  topic: { width: 164, height: 44 },
  source: { width: 96, height: 34 },
};
const COLUMN = 196;
const GAP = 18;
const MARGIN = 12;
const LANE_GAP = 34;
const SWEEPS = 8;

/** Columns from left to right; within one, each node near the middle of those it is joined with. */
export function layoutOf(graph: Graph): Layout {
  const layers = layersOf(graph);
  const main = graph.nodes.filter(({ side }) => !side);
  const columns = [...Map.groupBy(main, ({ id }) => layers.get(id) ?? 0).values()];
  const centers = new Map<string, number>();
  for (const column of columns) stack(column, centers, new Map());
  const neighbours = neighboursOf(graph);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const column of sweep % 2 === 0 ? columns : columns.toReversed()) {
      stack(column, centers, new Map(column.map(({ id }) => [id, mean(neighbours.get(id) ?? [], centers)])));
    }
  }

  const top = Math.min(...main.map((node) => (centers.get(node.id) ?? 0) - sizeOf(node).height / 2));
  const bottom = Math.max(...main.map((node) => (centers.get(node.id) ?? 0) + sizeOf(node).height / 2));
  const nodes = new Map<string, Placed>();
  const put = (node: GraphNode, column: number, center: number): void => {
    const { width, height } = sizeOf(node);
    const x = MARGIN + column * COLUMN + (SIZES.topic.width - width) / 2;
    nodes.set(node.id, { ...node, width, height, x, y: center - height / 2 - top + MARGIN });
  };
  for (const node of main) put(node, layers.get(node.id) ?? 0, centers.get(node.id) ?? 0);
  const side = graph.nodes.filter((node) => node.side);
  const last = Math.max(...layers.values());
  // Beside each other in a lane of their own, the last one before its reader.
  side.forEach((node, index) => {
    put(node, last - side.length + index, bottom + LANE_GAP + SIZES.topic.height / 2);
  });
  const placed = [...nodes.values()];
  return {
    width: Math.max(...placed.map(({ x, width }) => x + width)) + MARGIN,
    height: Math.max(...placed.map(({ y, height }) => y + height)) + MARGIN,
    nodes,
    edges: graph.edges.map((edge) => ({ ...edge, path: pathOf(nodes.get(edge.from), nodes.get(edge.to)) })),
  };
}

function sizeOf({ kind }: GraphNode) {
  return SIZES[kind];
}

function neighboursOf({ edges, nodes }: Graph): ReadonlyMap<string, readonly string[]> {
  const side = new Set(nodes.filter((node) => node.side).map(({ id }) => id));
  const joined = edges.filter(({ from, to }) => !side.has(from) && !side.has(to));
  return new Map(
    nodes.map(({ id }) => [
      id,
      joined.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : [])),
    ]),
  );
}

function mean(ids: readonly string[], centers: ReadonlyMap<string, number>): number | undefined {
  if (ids.length === 0) return undefined;
  return ids.reduce((sum, id) => sum + (centers.get(id) ?? 0), 0) / ids.length;
}

/** Places a column's nodes at the centers they wish for, as near as they fit, around the middle of their wishes. */
function stack(
  column: readonly GraphNode[],
  centers: Map<string, number>,
  wishes: ReadonlyMap<string, number | undefined>,
): void {
  const wish = ({ id }: GraphNode): number => wishes.get(id) ?? centers.get(id) ?? 0;
  const sorted = [...column].sort((a, b) => wish(a) - wish(b));
  let edge = Number.NEGATIVE_INFINITY;
  let shift = 0;
  for (const node of sorted) {
    const { height } = sizeOf(node);
    const center = Math.max(wish(node), edge + height / 2);
    shift += center - wish(node);
    centers.set(node.id, center);
    edge = center + height / 2 + GAP;
  }
  for (const { id } of sorted) centers.set(id, (centers.get(id) ?? 0) - shift / sorted.length);
}

/** A curve from the right side of one node to the left side of the other; back to the left it goes around below. */
function pathOf(from: Placed | undefined, to: Placed | undefined): string {
  if (!from || !to) return '';
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  if (x2 > x1) {
    const half = (x2 - x1) / 2;
    return `M${x1},${y1} C${x1 + half},${y1} ${x2 - half},${y2} ${x2},${y2}`;
  }
  const [below1, below2] = [from.y + from.height, to.y + to.height];
  const [middle1, middle2] = [from.x + from.width / 2, to.x + to.width / 2];
  const low = Math.max(below1, below2) + GAP;
  return `M${middle1},${below1} C${middle1},${low} ${middle2},${low} ${middle2},${below2}`;
}
