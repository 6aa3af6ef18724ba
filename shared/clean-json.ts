/**
 * What only a walk over the whole value can mend: surrogates, NUL, and `__proto__`, of which any letter may be escaped.
 * Rare, so the text is searched first.
 */
const SUSPECT = /\\u(?:d[89a-f]|00[0-7])|__proto__/i;
/** Texts without these have none of it, and are searched some ten times as fast; short ones are searched for the fastest. */
const HINTS = ['\\u', '_proto'] as const;
/** Levels that are walked; what nests deeper is refused later for its depth. */
const LEVELS = 64;

/**
 * Parses JSON from outside. Text in the result is well-formed Unicode without NUL (U+FFFD stands for what was not),
 * so that every later store takes it; keys named `__proto__` are left out.
 * @throws SyntaxError
 */
export function parseCleanJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return isClean(text) ? value : cleaned(value, LEVELS);
}

/** Whether JSON, as text without surrogates or NUL of its own, means the same to `JSON.parse` and to `parseCleanJson`. */
export function isClean(text: string): boolean {
  return !HINTS.some((hint) => text.includes(hint)) || !SUSPECT.test(text);
}

/** Well-formed Unicode without NUL. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

function cleaned(value: unknown, levels: number): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (value === null || typeof value !== 'object' || levels === 0) return value;
  if (Array.isArray(value)) return value.map((item) => cleaned(item, levels - 1));
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const name = cleanText(key);
    if (name !== '__proto__') copy[name] = cleaned(item, levels - 1);
  }
  return copy;
}
