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
  const marked = isMark(first);
  const source = marked ? second : first;
  if (parts.length < (marked ? 3 : 2) || source === '') return undefined;
  return { kind: first === 'history' ? 'history' : 'live', source };
}

/**
 * What tells a source's files apart: the path below its folder. It is the same live or as history, compressed or not, so that a
 * file put anew has the events it had.
 */
export function fileOf(name: string): string {
  const parts = name.split('/');
  return parts
    .slice(isMark(parts[0]) ? 2 : 1)
    .join('/')
    .replace(/\.(?:gz|gzip|zst|zstd)$/i, '');
}

function isMark(folder: string | undefined): boolean {
  return folder === 'history' || folder === 'live';
}
