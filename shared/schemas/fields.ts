import { z } from 'zod';
import { jsonDepth } from '../json.ts';
import { LIMITS } from '../limits.ts';

/** An identifier from outside. */
export const id = z.string().min(1).max(LIMITS.idLength);
/** A name, title or category. */
export const text = z.string().max(LIMITS.textLength);
/** A URL, or a path. */
export const url = z.string().max(LIMITS.urlLength);
/** Money, in the currency told beside it. */
export const amount = z.number().gte(-1e12).lte(1e12);
/** ISO 4217, in either case. */
export const currency = z.string().regex(/^[A-Za-z]{3}$/, 'must be an ISO 4217 code such as "EUR"');
/** RFC 3339, with zone; `2026-11-21T09:30:00.000Z`. */
export const timestamp = z.iso.datetime({ offset: true });

/**
 * JSON of any form: what arrives was parsed from JSON, so only its depth is looked at. (`z.json()` would try six schemas on
 * each value, and make every schema that holds it recursive, which cannot be compiled.)
 */
export const properties = z
  .record(z.string().max(LIMITS.idLength), z.custom<z.core.util.JSONType>())
  .refine((value) => jsonDepth(value) <= LIMITS.depth, `must not nest deeper than ${LIMITS.depth} levels`);
