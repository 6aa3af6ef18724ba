import { invalid } from '../pubsub-error.ts';

/** A piece of a filter. Keywords are words: `AND`, `OR`, `NOT`, `attributes`, `hasPrefix`. */
export type Token =
  | { readonly kind: 'word' | 'string'; readonly text: string; readonly at: number }
  | {
      readonly kind: '(' | ')' | ',' | '.' | ':' | '=' | '!=' | '-' | 'end';
      readonly text: string;
      readonly at: number;
    };

const SPACE = /\s+/y;
const WORD = /[\p{L}\p{N}_][\p{L}\p{N}_-]*/uy;
const SYMBOL = /!=|[(),.:=-]/y;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(.))/gs;
const NAMED: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};
const LAST_CODE_POINT = 0x10ffff;

/**
 * Takes a filter apart.
 * @throws PubSubError INVALID_ARGUMENT that says where it cannot be read
 */
export function tokenize(filter: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(filter)?.[0];
  };
  while (at < filter.length) {
    const space = match(SPACE);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const string = match(STRING);
    const text = string ?? match(WORD) ?? match(SYMBOL);
    if (text === undefined) throw unreadable(filter, at);
    if (string !== undefined) tokens.push({ kind: 'string', text: resolveEscapes(string.slice(1, -1)), at });
    else if (/^[\p{L}\p{N}_]/u.test(text)) tokens.push({ kind: 'word', text, at });
    else tokens.push({ kind: text as ':', text, at });
    at += text.length;
  }
  tokens.push({ kind: 'end', text: 'the end', at });
  return tokens;
}

/** Unicode, hexadecimal, octal and the usual escapes; any other escaped character stands for itself. */
function resolveEscapes(body: string): string {
  return body.replace(ESCAPE, (_all, hex, four, eight, octal, other: string | undefined) => {
    if (other !== undefined) return NAMED[other] ?? other;
    const code = octal === undefined ? Number.parseInt(hex ?? four ?? eight, 16) : Number.parseInt(octal, 8);
    if (code > LAST_CODE_POINT) throw invalid(`The filter names no character: \\U${eight}.`);
    return String.fromCodePoint(code);
  });
}

/** What is said of a filter that breaks off at a place. */
export function unreadable(filter: string, at: number): Error {
  return invalid(
    `The filter is not understood at position ${at + 1}, "${filter.slice(at, at + 20)}"; a filter is, for example, attributes.kind = "click" AND NOT attributes:test.`,
  );
}
