/**
 * Moves the `n` ids of highest value to the front of `ids[0 … size - 1]`, in no order among themselves: Hoare's
 * selection, linear on average, in place. Equal values are decided for the smaller id.
 * @returns how many ids stand at the front: `n`, or `size` if there are fewer.
 */
export function selectTop(
  ids: Uint32Array,
  size: number,
  values: Float32Array | Float64Array,
  n: number,
): number {
  if (n >= size) return size;
  let low = 0;
  let high = size - 1;
  while (low < high) {
    const pivot = ids[(low + high) >>> 1] ?? 0;
    const pivotValue = values[pivot] ?? 0;
    let i = low;
    let j = high;
    while (i <= j) {
      while (isBefore(ids[i] ?? 0, pivot, pivotValue, values)) i++;
      while (isAfter(ids[j] ?? 0, pivot, pivotValue, values)) j--;
      if (i > j) break;
      const swapped = ids[i] ?? 0;
      ids[i++] = ids[j] ?? 0;
      ids[j--] = swapped;
    }
    if (n - 1 <= j) high = j;
    else if (n >= i + 1) low = i;
    else return n;
  }
  return n;
}

/** Sorts `ids[0 … size - 1]` by value, highest first; equal values by the smaller id. For short lists. */
export function sortByValue(ids: Uint32Array, size: number, values: Float32Array | Float64Array): void {
  for (let i = 1; i < size; i++) {
    const id = ids[i] ?? 0;
    const value = values[id] ?? 0;
    let j = i - 1;
    while (j >= 0 && isAfter(ids[j] ?? 0, id, value, values)) {
      ids[j + 1] = ids[j] ?? 0;
      j--;
    }
    ids[j + 1] = id;
  }
}

function isBefore(
  id: number,
  pivot: number,
  pivotValue: number,
  values: Float32Array | Float64Array,
): boolean {
  const value = values[id] ?? 0;
  return value > pivotValue || (value === pivotValue && id < pivot);
}

function isAfter(
  id: number,
  pivot: number,
  pivotValue: number,
  values: Float32Array | Float64Array,
): boolean {
  const value = values[id] ?? 0;
  return value < pivotValue || (value === pivotValue && id > pivot);
}
