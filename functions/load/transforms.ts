import type { Transform } from './mapping.ts';

/** What a column's value became, or what it should have been. */
export type Transformed = { readonly value: string | number | boolean } | { readonly expected: string };

/** Dates beyond these, in epoch milliseconds, are a wrong unit and not a date: the years 1990 and 2100. */
const EARLIEST = Date.UTC(1990, 0);
const LATEST = Date.UTC(2100, 0);

/** Reads a column's value as the mapping says. `shiftMs` is added to times. */
export function transform(raw: unknown, as: Transform, shiftMs = 0): Transformed {
  if (typeof raw === 'object') return { expected: 'one value' };
  const text = String(raw).trim();
  switch (as) {
    case 'text':
      return { value: text };
    case 'number': {
      const value = numberOf(text);
      return value === undefined ? { expected: 'a number such as 12.5' } : { value };
    }
    case 'boolean':
      if (/^(true|t|yes|y|1)$/i.test(text)) return { value: true };
      if (/^(false|f|no|n|0)$/i.test(text)) return { value: false };
      return { expected: 'true or false' };
    case 'epoch_s':
      return time((numberOf(text) ?? Number.NaN) * 1_000, shiftMs, 'seconds since 1970 such as 1441852593');
    case 'epoch_ms':
      return time(numberOf(text) ?? Number.NaN, shiftMs, 'milliseconds since 1970 such as 1441852593000');
    case 'iso':
      return time(
        /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(zoned(text)) : Number.NaN,
        shiftMs,
        'an ISO 8601 date and time such as 2026-11-21T09:30:00Z',
      );
  }
}

function numberOf(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : undefined;
}

function time(ms: number, shiftMs: number, expected: string): Transformed {
  return ms >= EARLIEST && ms <= LATEST ? { value: new Date(ms + shiftMs).toISOString() } : { expected };
}

/** A time without zone is UTC; exports write a space for the T. */
function zoned(text: string): string {
  const iso = text.replace(' ', 'T').replace(/\s*UTC$/, 'Z');
  return iso.includes('T') && !/(Z|[+-]\d\d:?\d\d)$/i.test(iso) ? `${iso}Z` : iso;
}
