import { hash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Who sends: a shop's pages, its servers, its app. */
export interface Source {
  /** Enters the ids derived for events without one, so that they outlive a change of key. */
  readonly name: string;
  /** Several are valid at once, so that a key can be changed without a gap. */
  readonly keys: readonly string[];
  /** Pages that may send with its keys; undefined: those that every source allows. */
  readonly origins?: readonly string[] | undefined;
}

/** Tells whose a key is, in a time that says nothing about any key. */
export type FindSource = (key: string) => Source | undefined;

const key = z.string().trim().min(1).max(256);
const origin = z
  .string()
  .trim()
  .regex(/^(\*|https?:\/\/[^/\s]+)\/?$/, 'an origin is https://host, without a path, or *')
  .transform((text) => text.replace(/\/$/, ''));
const Declared = z.record(
  z.string().min(1).max(64),
  z.strictObject({ keys: z.array(key).min(1), origins: z.array(origin).optional() }),
);

/** A comma-separated list of origins, or `*`. */
export const OriginList = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(origin));

/**
 * `k1,k2`: keys of one source; or, as JSON, sources by name:
 * `{"web":{"keys":["k1","k2"],"origins":["https://shop.example"]},"server":{"keys":["k3"]}}`. A message about a value that does
 * not fit never quotes a key.
 */
export const SourceList = z.string().transform((text, context): readonly Source[] => {
  const refuse = (message: string): typeof z.NEVER => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (!text.trimStart().startsWith('{')) {
    const keys = text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
    return keys.length === 0 ? refuse('it has no key') : [{ name: 'default', keys }];
  }
  let declared: unknown;
  try {
    declared = JSON.parse(text);
  } catch {
    return refuse('it begins with { but is no JSON');
  }
  const parsed = Declared.safeParse(declared);
  if (!parsed.success) {
    return refuse(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  }
  const sources = Object.entries(parsed.data).map(([name, { keys, origins }]) => ({ name, keys, origins }));
  const all = sources.flatMap(({ keys }) => keys);
  if (sources.length === 0) return refuse('it names no source');
  return new Set(all).size === all.length ? sources : refuse('the same key is there twice');
});

export function makeFindSource(sources: readonly Source[]): FindSource {
  const known = sources.flatMap((source) => source.keys.map((each) => ({ source, digest: digest(each) })));
  // Only keys that are right. A table compares texts whose hashes agree, under a seed of the process: its time tells of no guess.
  const found = new Map<string, Source>();
  const compare = (given: string): Source | undefined => {
    const sought = digest(given);
    let match: Source | undefined;
    // Every key is compared, also after a match.
    for (const { source, digest: each } of known) match = timingSafeEqual(each, sought) ? source : match;
    return match;
  };
  return (given) => {
    const source = found.get(given) ?? compare(given);
    if (source) found.set(given, source);
    return source;
  };
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
