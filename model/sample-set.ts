import { FEATURE_COUNT } from './features.ts';

/** Features are kept as 16-bit fixed point: 1/2048 steps, ±16. */
const STEP = 2048;
const MOST = 32_767;
const CHUNK_ROWS = 1 << 16;

/**
 * What the re-ranker learns from: for each sample its candidates' features, and which candidate came next. Held in
 * chunks, so that it grows without copying.
 */
export class SampleSet {
  readonly #chunks: Int16Array[] = [];
  readonly #chunkOf: number[] = [];
  readonly #rowOf: number[] = [];
  readonly #sizes: number[] = [];
  readonly #labels: number[] = [];
  #freeRows = 0;

  get size(): number {
    return this.#sizes.length;
  }

  /** Adds one sample of `size` rows of raw features, of which row `label` came next. */
  add(rows: Float64Array, size: number, label: number): void {
    if (size > this.#freeRows) {
      this.#chunks.push(new Int16Array(CHUNK_ROWS * FEATURE_COUNT));
      this.#freeRows = CHUNK_ROWS;
    }
    const row = CHUNK_ROWS - this.#freeRows;
    const chunk = this.#chunks.at(-1);
    if (!chunk) return;
    const at = row * FEATURE_COUNT;
    for (let i = 0; i < size * FEATURE_COUNT; i++)
      chunk[at + i] = Math.max(-MOST, Math.min(MOST, Math.round((rows[i] ?? 0) * STEP)));
    this.#chunkOf.push(this.#chunks.length - 1);
    this.#rowOf.push(row);
    this.#sizes.push(size);
    this.#labels.push(label);
    this.#freeRows -= size;
  }

  /** Takes over all samples of another set. */
  append(other: SampleSet): void {
    const base = this.#chunks.length;
    for (const chunk of other.#chunks) this.#chunks.push(chunk);
    for (let i = 0; i < other.size; i++) {
      this.#chunkOf.push(base + (other.#chunkOf[i] ?? 0));
      this.#rowOf.push(other.#rowOf[i] ?? 0);
      this.#sizes.push(other.#sizes[i] ?? 0);
      this.#labels.push(other.#labels[i] ?? 0);
    }
    this.#freeRows = other.#freeRows;
  }

  /** Candidates of a sample. */
  sizeOf(sample: number): number {
    return this.#sizes[sample] ?? 0;
  }

  /** The candidate that came next. */
  labelOf(sample: number): number {
    return this.#labels[sample] ?? 0;
  }

  /** Writes a sample's features, each times `scale` plus `shift` of its column, into `out`. */
  read(sample: number, scale: Float64Array, shift: Float64Array, out: Float64Array): void {
    const chunk = this.#chunks[this.#chunkOf[sample] ?? 0];
    if (!chunk) return;
    const at = (this.#rowOf[sample] ?? 0) * FEATURE_COUNT;
    const size = this.sizeOf(sample);
    for (let row = 0; row < size; row++)
      for (let f = 0; f < FEATURE_COUNT; f++) {
        const i = row * FEATURE_COUNT + f;
        out[i] = ((chunk[at + i] ?? 0) / STEP) * (scale[f] ?? 0) + (shift[f] ?? 0);
      }
  }

  /** The largest number of candidates of any sample. */
  widest(): number {
    return this.#sizes.reduce((most, size) => Math.max(most, size), 0);
  }
}
