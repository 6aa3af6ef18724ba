import { type Position, RulesError } from './rules-error.ts';

/** A word, number, string or sign of the rules language. */
export type Token = { readonly at: Position; readonly text: string } & (
  | { readonly kind: 'word' | 'sign' | 'end' }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
);

/** Reads rules piece by piece. What a `/` starts depends on where it stands, so that paths are asked for. */
export interface Scanner {
  /** @throws RulesError at a character that starts nothing */
  peek(): Token;
  next(): Token;
  /** Whether the next token is this sign or word. */
  sees(text: string): boolean;
  /** Takes the next token if it is this sign or word. */
  takes(text: string): boolean;
  /** @throws RulesError where another comes */
  expect(text: string, where: string): Token;
  /** @throws RulesError where none comes */
  word(what: string): Token;
  /** Takes a path's text up to the next `/`, `$(`, `{` or end of the path; empty where there is none. */
  pathText(): string;
  /** Whether white space stands after the next token. */
  spaceFollows(): boolean;
  refuse(problem: string, at?: Position): never;
}

const BLANK = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /\d+(?:\.\d*)?|\.\d+/y;
const STRING = /(b?)(?:'((?:[^'\\\n]|\\[\s\S])*)'|"((?:[^"\\\n]|\\[\s\S])*)")/y;
const SIGN = /--|\+\+|&&|\|\||[=!<>]=|[-+*/%!<>=?:;,.()[\]{}$]/y;
const PATH_TEXT = /(?:[A-Za-z0-9_\-.~%@+]|\([A-Za-z0-9_-]+\))+/y;
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-7]{3})|([\s\S]))/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v' };

/** @throws RulesError, from its methods, at what is not of the language */
export function makeScanner(source: string): Scanner {
  let offset = 0;
  let ahead: { readonly token: Token; readonly end: number } | undefined;

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    return pattern.exec(source);
  };
  let line = 1;
  let lineStart = 0;
  /** Where the scanner stands; called with rising offsets only. */
  const position = (): Position => {
    for (let feed = source.indexOf('\n', lineStart); feed >= 0 && feed < offset; line++) {
      lineStart = feed + 1;
      feed = source.indexOf('\n', lineStart);
    }
    return { line, column: offset - lineStart + 1 };
  };

  const read = (): { token: Token; end: number } => {
    offset += match(BLANK)?.[0].length ?? 0;
    const at = position();
    if (offset === source.length)
      return { token: { kind: 'end', at, text: 'the end of the file' }, end: offset };
    const quoted = match(STRING);
    if (quoted) {
      const [text, prefix, single, double] = quoted;
      const body = single ?? double ?? '';
      const end = offset + text.length;
      if (prefix) return { token: { kind: 'bytes', at, text, value: bytesOf(body, at) }, end };
      return { token: { kind: 'string', at, text, value: textOf(body, at) }, end };
    }
    const number = match(NUMBER)?.[0];
    if (number !== undefined) return { token: numberToken(number, at), end: offset + number.length };
    const word = match(WORD)?.[0];
    if (word !== undefined) return { token: { kind: 'word', at, text: word }, end: offset + word.length };
    const sign = match(SIGN)?.[0];
    if (sign !== undefined) return { token: { kind: 'sign', at, text: sign }, end: offset + sign.length };
    const char = source[offset] ?? '';
    if (char === "'" || char === '"') throw new RulesError(at, `Missing a closing ${char}`);
    throw new RulesError(at, `Unexpected '${char}'.`);
  };

  const peek = (): Token => {
    ahead ??= read();
    return ahead.token;
  };
  const next = (): Token => {
    const token = peek();
    offset = ahead?.end ?? offset;
    ahead = undefined;
    return token;
  };
  const refuse = (problem: string, at = peek().at): never => {
    throw new RulesError(at, problem);
  };
  const sees = (text: string): boolean =>
    (peek().kind === 'sign' || peek().kind === 'word') && peek().text === text;
  return {
    peek,
    next,
    refuse,
    sees,
    takes: (text) => sees(text) && next() !== undefined,
    expect: (text, where) =>
      sees(text) ? next() : refuse(`Unexpected '${peek().text}': '${text}' should follow ${where}.`),
    word: (what) =>
      peek().kind === 'word' ? next() : refuse(`Unexpected '${peek().text}': ${what} should stand here.`),
    pathText: () => {
      ahead = undefined;
      const text = match(PATH_TEXT)?.[0] ?? '';
      offset += text.length;
      return text;
    },
    spaceFollows: () => {
      peek();
      return /\s/.test(source[ahead?.end ?? offset] ?? '');
    },
  };
}

/** What a string literal's text stands for. */
function textOf(body: string, at: Position): string {
  return body.replace(ESCAPE, (...groups) => {
    const code = codeOf(groups);
    return code === undefined ? plainEscape(groups, at) : String.fromCharCode(code);
  });
}

/** What `b'…'` stands for: escapes by number are single bytes, all else is UTF-8. */
function bytesOf(body: string, at: Position): Uint8Array {
  const parts: Buffer[] = [];
  let end = 0;
  for (const match of body.matchAll(ESCAPE)) {
    const code = codeOf(match);
    parts.push(Buffer.from(body.slice(end, match.index)));
    parts.push(
      code === undefined || code > 255
        ? Buffer.from(code === undefined ? plainEscape(match, at) : String.fromCharCode(code))
        : Buffer.of(code),
    );
    end = match.index + match[0].length;
  }
  return Buffer.concat([...parts, Buffer.from(body.slice(end))]);
}

type Escape = readonly (string | undefined)[];

function codeOf([, hex, unicode, octal]: Escape): number | undefined {
  if (octal !== undefined) return Number.parseInt(octal, 8);
  const digits = hex ?? unicode;
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

function plainEscape([whole, , , , char = '']: Escape, at: Position): string {
  const plain = '\\\'"`?'.includes(char) ? char : ESCAPES[char];
  if (plain === undefined) throw new RulesError(at, `There is no escape ${whole} in strings.`);
  return plain;
}

function numberToken(text: string, at: Position): Token {
  if (text.includes('.')) return { kind: 'float', at, text, value: Number(text) };
  return { kind: 'int', at, text, value: BigInt(text) };
}
