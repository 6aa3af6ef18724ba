import { CONTEXT_COUNT, type FeatureTable, ROW_COUNT, SEEN_COUNT } from './features.ts';

/** Features are kept as 16-bit fixed point: 1/2048 steps, ±16. */
const STEP = 2048;
const MOST = 32_767;
const CHUNK = 1 << 22;

/** How raw features are standardised: each times its `scale` plus its `shift`. */
export interface Standard {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/**
 * What the re-ranker learns from: for each sample its candidates' features, and which candidate came next. Held in
 * chunks, so that it grows without copying.
 */
export class SampleSet {
  readonly #chunks: Int16Array[] = [];
  readonly #chunkOf: number[] = [];
  readonly #startOf: number[] = [];
  readonly #sizes: number[] = [];
  readonly #seenSizes: number[] = [];
  readonly #labels: number[] = [];
  #used = CHUNK;

  get size(): number {
    return this.#sizes.length;
  }

  /** Adds one sample of raw features, of which candidate `label` came next. */
  add({ size, seenSize, rows, seen, context }: FeatureTable, label: number): void {
    const length = CONTEXT_COUNT + size * ROW_COUNT + seenSize * SEEN_COUNT;
    if (this.#used + length > CHUNK) {
      this.#chunks.push(new Int16Array(CHUNK));
      this.#used = 0;
    }
    const chunk = this.#chunks.at(-1);
    if (!chunk) return;
    this.#chunkOf.push(this.#chunks.length - 1);
    this.#startOf.push(this.#used);
    this.#sizes.push(size);
    this.#seenSizes.push(seenSize);
    this.#labels.push(label);
    this.#used = store(context, CONTEXT_COUNT, chunk, this.#used);
    this.#used = store(rows, size * ROW_COUNT, chunk, this.#used);
    this.#used = store(seen, seenSize * SEEN_COUNT, chunk, this.#used);
  }

  /** Takes over all samples of another set. */
  append(other: SampleSet): void {
    const base = this.#chunks.length;
    for (const chunk of other.#chunks) this.#chunks.push(chunk);
    for (let i = 0; i < other.size; i++) {
      this.#chunkOf.push(base + (other.#chunkOf[i] ?? 0));
      this.#startOf.push(other.#startOf[i] ?? 0);
      this.#sizes.push(other.#sizes[i] ?? 0);
      this.#seenSizes.push(other.#seenSizes[i] ?? 0);
      this.#labels.push(other.#labels[i] ?? 0);
    }
    if (other.#chunks.length > 0) this.#used = other.#used;
  }

  /** The candidate that came next. */
  labelOf(sample: number): number {
    return this.#labels[sample] ?? 0;
  }

  /** Writes a sample's features, standardised, into `table`. */
  read(sample: number, { scale, shift }: Standard, table: FeatureTable): void {
    const chunk = this.#chunks[this.#chunkOf[sample] ?? 0];
    if (!chunk) return;
    table.size = this.#sizes[sample] ?? 0;
    table.seenSize = this.#seenSizes[sample] ?? 0;
    let at = this.#startOf[sample] ?? 0;
    const load = (into: Float64Array, rowCount: number, width: number, first: number): void => {
      for (let row = 0; row < rowCount; row++)
        for (let f = 0; f < width; f++)
          into[row * width + f] =
            ((chunk[at++] ?? 0) / STEP) * (scale[first + f] ?? 0) + (shift[first + f] ?? 0);
    };
    load(table.context, 1, CONTEXT_COUNT, ROW_COUNT + SEEN_COUNT);
    load(table.rows, table.size, ROW_COUNT, 0);
    load(table.seen, table.seenSize, SEEN_COUNT, ROW_COUNT);
  }

  /** The largest number of candidates of any sample. */
  widest(): number {
    return this.#sizes.reduce((most, size) => Math.max(most, size), 0);
  }
}

function store(values: Float64Array, length: number, chunk: Int16Array, start: number): number {
  for (let i = 0; i < length; i++)
    chunk[start + i] = Math.max(-MOST, Math.min(MOST, Math.round((values[i] ?? 0) * STEP)));
  return start + length;
}
