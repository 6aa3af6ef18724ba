/** A measurement: when, and what. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How fast `y` grows with `x`, and between what bounds with 95 % confidence. */
export interface Slope {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Of a normal distribution, for 95 % on two sides. */
const Z = 1.96;

/**
 * The median of the slopes between all pairs of points (Theil and Sen), which outliers such as a garbage collection do not
 * bend; bounds after Sen (1968), Estimates of the Regression Coefficient Based on Kendall's Tau.
 * @throws RangeError where there are fewer than three points at different times
 */
export function slopeOf(points: readonly Point[]): Slope {
  const slopes: number[] = [];
  points.forEach((a, index) => {
    for (const b of points.slice(index + 1)) if (b.x !== a.x) slopes.push((b.y - a.y) / (b.x - a.x));
  });
  if (slopes.length < 3) throw new RangeError(`a slope needs three points; there are ${points.length}`);
  slopes.sort((a, b) => a - b);
  const n = points.length;
  const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (rank: number): number =>
    slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))] ?? Number.NaN;
  const middle = (slopes.length - 1) / 2;
  return {
    value: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    low: at((slopes.length - Z * deviation) / 2 - 0.5),
    high: at((slopes.length + Z * deviation) / 2),
  };
}

/**
 * Whether the points grow: surely upward, and by more than this share of their mean, or this amount, over their span.
 */
export function grows(
  points: readonly Point[],
  { share, amount }: { readonly share: number; readonly amount: number },
): boolean {
  const { value, low } = slopeOf(points);
  const span = Math.max(...points.map(({ x }) => x)) - Math.min(...points.map(({ x }) => x));
  const mean = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  return low > 0 && value * span > Math.max(share * mean, amount);
}
