import { BigQueryError } from '../backend.ts';
import type { Body } from './route.ts';

/** A request's JSON; nothing is an empty object. @throws BigQueryError 400 for what is no JSON object */
export function parseBody(text: string): Body {
  if (text === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new BigQueryError(400, 'parseError', 'The request body is not JSON.');
  }
  if (typeof body === 'object' && body !== null) return body as Body;
  throw new BigQueryError(400, 'parseError', 'The request body is no JSON object.');
}
