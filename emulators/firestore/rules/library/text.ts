import { bool, bytes, int, list, string } from '../rule-value.ts';
import { fn, type Library } from './method.ts';
import { compilePattern } from './pattern.ts';

/** https://firebase.google.com/docs/reference/rules/rules.String */
export const STRING_METHODS: Library = {
  size: fn(['string'], ({ value }) => int(value.length)),
  lower: fn(['string'], ({ value }) => string(perChar(value, (char) => char.toLowerCase()))),
  upper: fn(['string'], ({ value }) => string(perChar(value, (char) => char.toUpperCase()))),
  trim: fn(['string'], ({ value }) => string(value.replace(/^[\0-\x20]+|[\0-\x20]+$/g, ''))),
  /** True where the whole text is of the pattern. */
  matches: fn(['string', 'string'], ({ value }, pattern) =>
    bool(compilePattern(pattern.value).whole.test(value)),
  ),
  replace: fn(['string', 'string', 'string'], ({ value }, pattern, replacement) =>
    string(value.replace(compilePattern(pattern.value).every, literally(replacement.value))),
  ),
  /** Empty pieces at the end are left out. */
  split: fn(['string', 'string'], ({ value }, pattern) => {
    const pieces: string[] = [];
    let end = 0;
    for (const match of value.matchAll(compilePattern(pattern.value).every)) {
      if (match[0] === '' && match.index === 0) continue;
      pieces.push(value.slice(end, match.index));
      end = match.index + match[0].length;
    }
    pieces.push(value.slice(end));
    while (pieces.length > 1 && pieces.at(-1) === '') pieces.pop();
    return list(pieces.map(string));
  }),
  toUtf8: fn(['string'], ({ value }) => bytes(Buffer.from(value, 'utf8'))),
};

/** https://firebase.google.com/docs/reference/rules/rules.Bytes */
export const BYTES_METHODS: Library = {
  size: fn(['bytes'], ({ value }) => int(value.length)),
  toBase64: fn(['bytes'], ({ value }) => string(Buffer.from(value).toString('base64'))),
  toHexString: fn(['bytes'], ({ value }) => string(Buffer.from(value).toString('hex').toUpperCase())),
};

/** Case by case of letter: what changes the number of characters stays as it is. */
function perChar(text: string, change: (char: string) => string): string {
  return Array.from(text, (char) => (change(char).length === char.length ? change(char) : char)).join('');
}

/** `$1` stands for a group and `$` before anything else for itself, so that JavaScript's other forms mean nothing. */
function literally(replacement: string): string {
  return replacement.replace(/\$(?!\d)/g, '$$$$');
}
