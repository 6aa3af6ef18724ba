import type { Context } from 'hono';
import type { ResultFormat } from '../jobs/result-page.ts';

export type Body = Readonly<Record<string, unknown>>;

/** One method of BigQuery's REST API; the discovery document is made from this table too. */
export interface Route {
  /** `datasets.list`. */
  readonly id: string;
  readonly verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/bigquery/v2/`, parameters as `:name`. */
  readonly path: string;
  /** Query parameters a client may give. */
  readonly query?: readonly string[];
  readonly handle: (context: Context, body: Body) => Promise<object> | object;
}

/** Query parameters of methods that answer in pages. */
export const PAGING = ['maxResults', 'pageToken'] as const;
/** Query parameters by which a client says how timestamps should read. */
export const FORMAT = ['formatOptions.useInt64Timestamp', 'formatOptions.timestampOutputFormat'] as const;

/** The page of a list that the client asks for, and the token of the next. */
export function pageOf<T>(
  all: readonly T[],
  context: Context,
): { readonly items: readonly T[]; readonly nextPageToken?: string } {
  const { maxResults, pageToken } = context.req.query();
  const start = Number(pageToken ?? 0) || 0;
  const end = maxResults === undefined ? all.length : start + Number(maxResults);
  return { items: all.slice(start, end), ...(end < all.length ? { nextPageToken: String(end) } : {}) };
}

/** A parameter of the path. */
export function param(context: Context, name: string): string {
  return context.req.param(name) ?? '';
}

/** How the client wants timestamps, from its query or body. */
export function formatOf(context: Context, body: Body = {}): ResultFormat {
  const options = (body.formatOptions ?? {}) as {
    useInt64Timestamp?: boolean;
    timestampOutputFormat?: string;
  };
  return {
    useInt64Timestamp:
      context.req.query('formatOptions.useInt64Timestamp') === 'true' ||
      context.req.query('formatOptions.timestampOutputFormat') === 'INT64' ||
      options.useInt64Timestamp === true ||
      options.timestampOutputFormat === 'INT64',
  };
}
