import { Refusal } from './http.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
/** What only a walk over the whole value can mend; rare, so the text is searched first. */
const SUSPECT = /\\u(?:d[89a-f]|0000|005f)|__proto__/i;
const NESTING = 64;

/**
 * Parses a body. Text in the result is well-formed Unicode without NUL (U+FFFD stands for what was not), so that
 * every later store takes it; keys named `__proto__` are left out.
 * @throws Refusal 400 that says where the text stops being JSON.
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw new Refusal(400, 'the body is empty; send {"events":[{"event_name":…}]}');
  let text: string;
  try {
    text = UTF8.decode(body);
  } catch (cause) {
    throw new Refusal(400, 'the body is not UTF-8 text; encode it as UTF-8', { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Refusal(400, `the body is not JSON: ${placeOf(cause)}`, { cause });
  }
  return SUSPECT.test(text) ? cleaned(value, NESTING) : value;
}

/** V8's message without the excerpt of the body that it may quote. */
function placeOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const at = /at position \d+(?: \(line \d+ column \d+\))?/.exec(message)?.[0];
  return at
    ? `it goes wrong ${at}`
    : 'it ends before the value is complete, or holds an unexpected character';
}

/** A copy with clean text; beyond `levels` the value is returned as it is, for the depth limit to refuse. */
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

function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
