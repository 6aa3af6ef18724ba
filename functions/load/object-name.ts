import type { Origin } from '../../shared/events.ts';

/** What an object's name in the inbox bucket says about it. */
export interface ObjectPlace {
  readonly source: string;
  readonly origin: Origin;
}

/**
 * `<source>/…` and `live/<source>/…` behave like clicks; `history/<source>/…` is history.
 * @returns undefined for a folder's placeholder, or an object in no folder.
 */
export function objectPlace(name: string): ObjectPlace | undefined {
  const parts = name.split('/');
  if (parts.at(-1) === '') return undefined;
  const [first = '', second = ''] = parts;
  const marked = first === 'history' || first === 'live';
  const source = marked ? second : first;
  if (parts.length < (marked ? 3 : 2) || source === '') return undefined;
  return { source, origin: first === 'history' ? 'history' : 'live' };
}
