/** The newest values of a measure, so many and no more. */
export interface Sample {
  add(value: number): void;
  readonly size: number;
  /** Nearest-rank percentile, 0 to 100; undefined while empty. */
  percentile(rank: number): number | undefined;
}

/** A ring of the newest `capacity` values. */
export function makeSample(capacity = 5000): Sample {
  const values: number[] = [];
  let next = 0;
  return {
    add(value) {
      values[next] = value;
      next = (next + 1) % capacity;
    },
    get size() {
      return values.length;
    },
    percentile(rank) {
      const sorted = [...values].sort((a, b) => a - b);
      return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)];
    },
  };
}
