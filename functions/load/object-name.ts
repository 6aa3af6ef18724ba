/** What an object's name in the inbox bucket says about it. */
export type ObjectPlace =
  | { readonly kind: 'live' | 'history'; readonly source: string }
  | { readonly kind: 'catalog' };

/** Where objects are moved that cannot be loaded. */
export const REJECTED = 'rejected/';

/**
 * `<source>/…` and `live/<source>/…` behave like clicks; `history/<source>/…` is history; `catalog/…` are products.
 * @returns undefined for a folder's placeholder, an object in no folder, and what was rejected
 */
export function objectPlace(name: string): ObjectPlace | undefined {
  const parts = name.split('/');
  if (parts.at(-1) === '' || name.startsWith(REJECTED)) return undefined;
  const [first = '', second = ''] = parts;
  if (first === 'catalog') return parts.length > 1 ? { kind: 'catalog' } : undefined;
  const marked = first === 'history' || first === 'live';
  const source = marked ? second : first;
  if (parts.length < (marked ? 3 : 2) || source === '') return undefined;
  return { kind: first === 'history' ? 'history' : 'live', source };
}
