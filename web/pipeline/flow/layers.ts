import type { Graph, GraphEdge } from './graph.ts';

/**
 * The column of each node, from 0: every step forward leads to a later column, and nodes stand as near as that allows to
 * what they lead to. Side topics have none. Cycles are cut where they are closed.
 */
export function layersOf({ nodes, edges }: Graph): ReadonlyMap<string, number> {
  const main = new Set(nodes.filter(({ side }) => !side).map(({ id }) => id));
  const forward = acyclic(edges.filter(({ from, aside }) => !aside && main.has(from)));
  const into = Map.groupBy(forward, ({ to }) => to);
  const outOf = Map.groupBy(forward, ({ from }) => from);

  const earliest = new Map<string, number>();
  const depth = (id: string): number => {
    const known = earliest.get(id);
    if (known !== undefined) return known;
    const found = Math.max(-1, ...(into.get(id) ?? []).map(({ from }) => depth(from))) + 1;
    earliest.set(id, found);
    return found;
  };
  for (const id of main) depth(id);

  const latest = new Map<string, number>();
  const place = (id: string): number => {
    const known = latest.get(id);
    if (known !== undefined) return known;
    const next = (outOf.get(id) ?? []).map(({ to }) => place(to));
    const found = next.length === 0 ? depth(id) : Math.min(...next) - 1;
    latest.set(id, found);
    return found;
  };
  for (const id of main) place(id);
  return latest;
}

/** Edges without those that lead back to where the walk came from. */
function acyclic(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const outOf = Map.groupBy(edges, ({ from }) => from);
  const done = new Set<string>();
  const open = new Set<string>();
  const kept: GraphEdge[] = [];
  const walk = (id: string): void => {
    if (done.has(id)) return;
    open.add(id);
    for (const edge of outOf.get(id) ?? []) {
      if (open.has(edge.to)) continue;
      kept.push(edge);
      walk(edge.to);
    }
    open.delete(id);
    done.add(id);
  };
  for (const id of outOf.keys()) walk(id);
  return kept;
}
