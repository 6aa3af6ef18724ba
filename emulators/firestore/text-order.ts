/**
 * The order of strings by their UTF-8 bytes, which is the order of their code points. JavaScript's own order is by UTF-16
 * code units, where surrogates come before U+E000 to U+FFFF.
 */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return lifted(left) - lifted(right);
  }
  return a.length - b.length;
}

/** A code unit, surrogates lifted above all others. */
function lifted(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
