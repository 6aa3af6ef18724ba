import { EvaluationError } from '../rules-error.ts';

/** A regular expression of the rules language, for whole texts and for every place in one. */
export interface Pattern {
  readonly whole: RegExp;
  readonly every: RegExp;
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\t-\\r ',
  punct: '!-\\/:-@\\[-`\\{-~',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
  blank: '\\t ',
};

/** Pieces of RE2's syntax that JavaScript writes otherwise or lacks. */
const PIECES =
  /\[\[:(\w+):\]\]|\[:(\w+):\]|\\p([A-Z])|\\P([A-Z])|\\([AzZQECGKR])|\\([1-9])|\\([^A-Za-z0-9])|\(\?P<|\(\?(?:<?[=!])/g;

const CACHE_SIZE = 500;
const cache = new Map<string, Pattern>();

/**
 * Compiles RE2's syntax (https://github.com/google/re2/wiki/Syntax) as far as JavaScript has the same meaning.
 * @throws EvaluationError where it is invalid, or of what RE2 lacks: look-around and references back
 */
export function compilePattern(source: string): Pattern {
  const known = cache.get(source);
  if (known) return known;
  let flags = 'u';
  const body = source.replace(/^\(\?([is]+)\)/, (_, letters: string) => {
    flags += [...new Set(letters)].join('');
    return '';
  });
  try {
    const translated = body.replace(PIECES, (...groups) => translate(groups, source));
    const pattern = {
      whole: new RegExp(`^(?:${translated})$`, flags),
      every: new RegExp(translated, `${flags}g`),
    };
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(source, pattern);
    return pattern;
  } catch (error) {
    if (error instanceof EvaluationError) throw error;
    throw invalid(source);
  }
}

function translate(groups: readonly (string | undefined)[], source: string): string {
  const [whole = '', alone, within, letter, notLetter, anchor, reference, punctuation] = groups;
  const posix = alone ?? within;
  if (posix !== undefined) {
    const members = CLASSES[posix];
    if (members === undefined) throw invalid(source);
    return alone === undefined ? members : `[${members}]`;
  }
  if (letter !== undefined) return `\\p{${letter}}`;
  if (notLetter !== undefined) return `\\P{${notLetter}}`;
  if (anchor === 'A') return '^';
  if (anchor === 'z') return '$';
  if (anchor !== undefined || reference !== undefined) throw invalid(source);
  if (punctuation !== undefined) return escapePunctuation(punctuation);
  if (whole === '(?P<') return '(?<';
  throw invalid(source);
}

/** JavaScript refuses an escape before punctuation that needs none. */
function escapePunctuation(char: string): string {
  return /[\^$\\.*+?()[\]{}|/-]/.test(char) ? (char === '-' ? '\\x2d' : `\\${char}`) : char;
}

function invalid(source: string): EvaluationError {
  return new EvaluationError(`Invalid regular expression pattern. Pattern: ${source}.`);
}
