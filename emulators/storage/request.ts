import type { Context } from 'hono';
import { isRecord } from './resources.ts';
import { invalid } from './storage-error.ts';

/** `http://HOST:PORT` as the client reached it; links in answers begin with it. */
export function baseOf(c: Context): string {
  return `http://${c.req.header('host') ?? new URL(c.req.url).host}`;
}

/** A part of the path, decoded. */
export function pathPart(c: Context, name: string): string {
  const value = c.req.param(name);
  if (value === undefined) throw invalid(`The path lacks the ${name}.`);
  return value;
}

/** The body as it arrives. Iterating rejects where the client goes away before the end. */
export function bodyOf(c: Context): AsyncIterable<Uint8Array> {
  return (c.req.raw.body as AsyncIterable<Uint8Array> | null) ?? nothing();
}

async function* nothing(): AsyncIterable<Uint8Array> {}

/** The body as a JSON object; an empty body is an empty one. @throws StorageError 400 where it is neither. */
export async function jsonOf(c: Context): Promise<Record<string, unknown>> {
  const text = await c.req.text();
  if (text.trim() === '') return {};
  try {
    const json: unknown = JSON.parse(text);
    if (isRecord(json)) return json;
  } catch {
    // Said below.
  }
  throw invalid('Parse Error: the body is no JSON object.');
}
