/**
 * Two directions of an item in one space: where a click on it leads (`from`), and where it lies as what is clicked next
 * (`to`). Items with few clicks have none.
 */
export interface ItemVectors {
  /** Numbers of a direction. */
  readonly width: number;
  /** The items that have directions, ascending. */
  readonly items: Uint32Array;
  /** `width` numbers for each of them, in units of the first and the second of `units`. */
  readonly from: Int8Array;
  readonly to: Int8Array;
  readonly units: Float32Array;
}

const QUANTA = 127;

/** Directions of `items` alone, in 8 bits; `from` and `to` have `width` numbers for every item. */
export function packVectors(
  width: number,
  items: Uint32Array,
  from: Float32Array,
  to: Float32Array,
): ItemVectors {
  const packed = [from, to].map((values) => pack(width, items, values));
  const [first, second] = packed;
  return {
    width,
    items,
    from: first?.values ?? new Int8Array(),
    to: second?.values ?? new Int8Array(),
    units: Float32Array.from(packed, ({ unit }) => unit),
  };
}

function pack(
  width: number,
  items: Uint32Array,
  all: Float32Array,
): { readonly values: Int8Array; readonly unit: number } {
  let most = 0;
  for (const item of items)
    for (let at = item * width; at < (item + 1) * width; at++) most = Math.max(most, Math.abs(all[at] ?? 0));
  const unit = most === 0 ? 1 : most / QUANTA;
  const values = new Int8Array(items.length * width);
  items.forEach((item, row) => {
    for (let d = 0; d < width; d++) values[row * width + d] = Math.round((all[item * width + d] ?? 0) / unit);
  });
  return { values, unit };
}

/** Weight of a click by its distance from the newest, for the newest `reach`. */
export function decaysOf({ reach, decay }: { readonly reach: number; readonly decay: number }): Float64Array {
  return new Float64Array(reach).map((_, distance) => Math.exp(-distance / decay));
}
