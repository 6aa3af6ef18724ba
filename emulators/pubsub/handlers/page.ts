import type { Plain } from '../../protos.ts';
import { invalid } from '../pubsub-error.ts';

const DEFAULT_SIZE = 100;
const MOST = 1000;

/**
 * A page of a list that is in order of name, and the token of the next; the token says after which name that begins,
 * so that nothing is left out by what comes and goes between two pages.
 */
export function pageOf<T>(
  list: readonly T[],
  { pageSize, pageToken }: Plain,
  nameOf: (item: T) => string,
): { readonly items: readonly T[]; readonly nextPageToken?: string } {
  const size = Math.min(Number(pageSize ?? 0) || DEFAULT_SIZE, MOST);
  if (size < 0) throw invalid(`page_size is ${size}; it is not negative.`);
  const after = Buffer.from(String(pageToken ?? ''), 'base64url').toString();
  const rest = list.filter((item) => nameOf(item) > after);
  const items = rest.slice(0, size);
  const last = items.at(-1);
  if (rest.length <= size || last === undefined) return { items };
  return { items, nextPageToken: Buffer.from(nameOf(last)).toString('base64url') };
}
