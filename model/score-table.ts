import { selectTop } from './select-top.ts';

/**
 * A sparse vector over items or sessions that is filled and emptied once per prediction without allocating: dense
 * values, and the list of those that are not zero. Only positive amounts may be added.
 */
export class ScoreTable {
  readonly values: Float32Array;
  readonly touched: Uint32Array;
  size = 0;

  /** @param capacity ids are 0 … capacity - 1. */
  constructor(capacity: number) {
    this.values = new Float32Array(capacity);
    this.touched = new Uint32Array(capacity);
  }

  add(id: number, amount: number): void {
    const value = this.values[id] ?? 0;
    if (value === 0) this.touched[this.size++] = id;
    this.values[id] = value + amount;
  }

  /** Adds `unit · weights[at]` for each `ids[at]`, from … to - 1; the loop on which most of a prediction's time is spent. */
  addRun(ids: Uint32Array, weights: Uint16Array, from: number, to: number, unit: number): void {
    const { values, touched } = this;
    let size = this.size;
    for (let at = from; at < to; at++) {
      const id = ids[at] ?? 0;
      const value = values[id] ?? 0;
      if (value === 0) touched[size++] = id;
      values[id] = value + unit * (weights[at] ?? 0);
    }
    this.size = size;
  }

  /** Multiplies every value. */
  scale(factor: number): void {
    for (let i = 0; i < this.size; i++) {
      const id = this.touched[i] ?? 0;
      this.values[id] = (this.values[id] ?? 0) * factor;
    }
  }

  sum(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += this.values[this.touched[i] ?? 0] ?? 0;
    return sum;
  }

  max(): number {
    let max = 0;
    for (let i = 0; i < this.size; i++) {
      const value = this.values[this.touched[i] ?? 0] ?? 0;
      if (value > max) max = value;
    }
    return max;
  }

  /** Brings the `n` best to the front of `touched`, unordered; returns how many stand there. */
  selectTop(n: number): number {
    return selectTop(this.touched, this.size, this.values, n);
  }

  clear(): void {
    for (let i = 0; i < this.size; i++) this.values[this.touched[i] ?? 0] = 0;
    this.size = 0;
  }
}
