/** A map that holds so many entries and no more: the one set first goes first. */
export class BoundedMap<K, V> extends Map<K, V> {
  readonly #most: number;

  constructor(most: number) {
    super();
    this.#most = most;
  }

  override set(key: K, value: V): this {
    super.set(key, value);
    if (this.size > this.#most) {
      const [first] = this.keys();
      if (first !== undefined) this.delete(first);
    }
    return this;
  }
}
