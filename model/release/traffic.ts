/** What is deployed to an endpoint: a version, and its share of the traffic in percent. */
export interface Deployed {
  readonly id: string;
  readonly version: string;
  readonly share: number;
}

/** Percent of the traffic by deployed id; sums to 100. */
export type Split = Readonly<Record<string, number>>;

/**
 * The split that gives `id` so many percent, and the rest to what has most of the traffic beside it; all to `id` where
 * there is nothing beside it.
 */
export function splitFor(id: string, percent: number, deployed: readonly Deployed[]): Split {
  const others = deployed.filter((each) => each.id !== id);
  const idle = Object.fromEntries(others.map((each) => [each.id, 0]));
  const [main] = others.toSorted((a, b) => b.share - a.share);
  if (!main) return { [id]: 100 };
  return { ...idle, [main.id]: 100 - percent, [id]: percent };
}

/** The split without `id`: the others' shares in proportion; empty where there are no others. */
export function splitWithout(id: string, deployed: readonly Deployed[]): Split {
  const others = deployed.filter((each) => each.id !== id).toSorted((a, b) => b.share - a.share);
  const [main, ...rest] = others;
  if (!main) return {};
  const sum = others.reduce((total, { share }) => total + share, 0);
  const shares = rest.map((each) => [each.id, sum === 0 ? 0 : Math.floor((each.share * 100) / sum)] as const);
  const given = shares.reduce((total, [, share]) => total + share, 0);
  return { ...Object.fromEntries(shares), [main.id]: 100 - given };
}
