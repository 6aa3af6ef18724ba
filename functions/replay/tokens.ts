import { PermanentError } from '../../shared/errors.ts';

/** A piece of a condition, and where it begins. */
export interface Token {
  readonly kind: 'word' | 'text' | 'number' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const PIECES =
  /\s+|(?<word>[A-Za-z_]\w*)|(?<number>-?\d+(?:\.\d+)?)|(?<text>'(?:[^']|'')*'|"(?:[^"]|"")*")|(?<sign><=|>=|<>|!=|[=<>(),])/gy;

/**
 * Takes a condition apart: words, numbers, texts in single or double quotes (doubled within), and signs.
 * @throws PermanentError at the first character that belongs to none of them
 */
export function tokensOf(condition: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < condition.length) {
    PIECES.lastIndex = at;
    const groups = PIECES.exec(condition)?.groups;
    if (!groups)
      throw badCondition(condition, at, 'this is neither a name, a number, a quoted text nor a sign');
    const { word, number, text, sign } = groups;
    if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (text !== undefined) tokens.push({ kind: 'text', text: unquoted(text), at });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at });
    at = PIECES.lastIndex;
  }
  return [...tokens, { kind: 'end', text: '', at }];
}

/** What is wrong with a condition, with the place. */
export function badCondition(condition: string, at: number, message: string): PermanentError {
  const place = at >= condition.length ? 'at its end' : `at ${JSON.stringify(condition.slice(at, at + 20))}`;
  return new PermanentError(
    'invalid_event',
    `the condition cannot be read ${place}: ${message}. An example: reason = 'invalid_event' AND failed_at > '2026-11-01'`,
    { path: 'where' },
  );
}

function unquoted(text: string): string {
  const quote = text.charAt(0);
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}
