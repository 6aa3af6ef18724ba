/** What a listing of objects asks for: https://cloud.google.com/storage/docs/json_api/v1/objects/list */
export interface ListQuery {
  readonly prefix?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly startOffset?: string | undefined;
  /** Exclusive. */
  readonly endOffset?: string | undefined;
  readonly includeTrailingDelimiter?: boolean | undefined;
  /** Entries, names and prefixes together, of one page. */
  readonly maxResults?: number | undefined;
  readonly pageToken?: string | undefined;
}

export interface ListPage {
  readonly names: readonly string[];
  readonly prefixes: readonly string[];
  readonly nextPageToken?: string;
}

const PAGE = 1000;

/** The order Cloud Storage lists in: by UTF-8 bytes, which is by code point and not by UTF-16 unit. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** One page of a listing over names that are sorted by `compareNames`. */
export function listPage(sorted: readonly string[], query: ListQuery): ListPage {
  const { prefix = '', delimiter, startOffset, endOffset, includeTrailingDelimiter = false } = query;
  const limit = Math.max(1, Math.min(query.maxResults ?? PAGE, PAGE));
  const after = query.pageToken === undefined ? undefined : decodeToken(query.pageToken);
  const names: string[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  for (const name of sorted) {
    if (!name.startsWith(prefix)) continue;
    if (startOffset !== undefined && compareNames(name, startOffset) < 0) continue;
    if (endOffset !== undefined && compareNames(name, endOffset) >= 0) continue;
    const folder = folderOf(name, prefix, delimiter);
    if (after !== undefined && compareNames(folder ?? name, after) <= 0) continue;
    const isNewFolder = folder !== undefined && prefixes.at(-1) !== folder;
    const isListed = folder === undefined || (includeTrailingDelimiter && name === folder);
    if (!isNewFolder && !isListed) continue;
    if (names.length + prefixes.length >= limit)
      return { names, prefixes, nextPageToken: encodeToken(last ?? '') };
    if (isNewFolder && folder !== undefined) prefixes.push(folder);
    if (isListed) names.push(name);
    last = folder ?? name;
  }
  return { names, prefixes };
}

/** The folder that stands for a name under a delimiter, delimiter included. */
function folderOf(name: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (!delimiter) return undefined;
  const at = name.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : name.slice(0, at + delimiter.length);
}

function encodeToken(entry: string): string {
  return Buffer.from(entry).toString('base64url');
}

function decodeToken(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}
