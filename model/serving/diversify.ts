/** Added to places, so that the first few are worth about the same. */
const SMOOTHING = 5;

/**
 * The places of a ranking, best first, in an order that mixes categories: next comes the place whose worth, one over its
 * number, times `(1 - diversity)` for each of its category that came before, is greatest (a greedy form of maximal
 * marginal relevance, Carbonell & Goldstein 1998). What has no category loses nothing.
 * @param diversity 0 leaves the order as it is
 */
export function* diversify(
  size: number,
  diversity: number,
  categoryAt: (place: number) => string | undefined,
): Generator<number> {
  if (diversity === 0) {
    for (let place = 0; place < size; place++) yield place;
    return;
  }
  const left = Array.from({ length: size }, (_, place) => place);
  const categories = left.map(categoryAt);
  const shares = new Map<string, number>();
  while (left.length > 0) {
    let best = 0;
    let bestWorth = -1;
    left.forEach((place, at) => {
      const category = categories[place];
      const share = category === undefined ? 1 : (shares.get(category) ?? 1);
      const worth = share / (place + SMOOTHING);
      if (worth <= bestWorth) return;
      best = at;
      bestWorth = worth;
    });
    const [place = 0] = left.splice(best, 1);
    yield place;
    const category = categories[place];
    if (category !== undefined) shares.set(category, (shares.get(category) ?? 1) * (1 - diversity));
  }
}
