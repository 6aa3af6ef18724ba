import { bool, bytes, float, int, NULL, type RuleValue, string } from './rule-value.ts';
import type { Position } from './rules-error.ts';
import type { Scanner } from './scanner.ts';
import type { BinaryOperator, Expression } from './syntax.ts';

/** Names that are packages of functions. */
export const NAMESPACES: ReadonlySet<string> = new Set([
  'math',
  'duration',
  'timestamp',
  'latlng',
  'hashing',
]);

/** Types that `is` knows. */
export const TYPES: ReadonlySet<string> = new Set([
  ...['bool', 'bytes', 'constraint', 'duration', 'float', 'int', 'latlng', 'list', 'vector', 'set'],
  ...['number', 'map', 'string', 'timestamp', 'path', 'map_diff'],
]);

/** Words that name nothing. */
export const RESERVED: ReadonlySet<string> = new Set([
  'if',
  'is',
  'in',
  'let',
  'return',
  'function',
  'match',
  'allow',
  'service',
]);

/** Operators from the loosest to the tightest; those of a line bind alike, from the left. As Google's compiler has them. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['in'],
  ['is'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];

/** The digits of the smallest integer; with a minus only. */
const INT_MIN_DIGITS = 2n ** 63n;
const NESTING = 100;
/** Operands in a row; bounds the depth of what is evaluated. */
const OPERANDS = 500;

/**
 * Parses one expression, and leaves the scanner after it.
 * @throws RulesError
 */
export function parseExpression(scanner: Scanner, depth = 0): Expression {
  if (depth > NESTING) return scanner.refuse(`The expression nests deeper than ${NESTING} levels.`);
  const condition = binary(scanner, 0, depth);
  if (!scanner.takes('?')) return condition;
  const then = parseExpression(scanner, depth + 1);
  scanner.expect(':', "what '?' chooses");
  const otherwise = parseExpression(scanner, depth + 1);
  return { kind: 'choice', at: condition.at, condition, then, otherwise };
}

/** Operators of this level and of tighter ones. */
function binary(scanner: Scanner, level: number, depth: number): Expression {
  let left = unary(scanner, depth);
  for (let operands = 1; ; operands++) {
    if (operands > OPERANDS) return scanner.refuse(`The expression has more than ${OPERANDS} operands.`);
    const here = LEVELS.findIndex((operators) => operators.some((operator) => scanner.sees(operator)));
    if (here < level) return left;
    if (scanner.sees('/') && !scanner.spaceFollows())
      return scanner.refuse("A '/' here is no division: write spaces around it.");
    const { at, text } = scanner.next();
    if (text === 'is') {
      left = { kind: 'is', at: left.at, operand: left, type: typeName(scanner, at) };
    } else {
      const right = binary(scanner, here + 1, depth);
      left = { kind: 'binary', at: left.at, op: text as BinaryOperator, left, right };
    }
  }
}

function typeName(scanner: Scanner, at: Position): string {
  const type = scanner.word('a type').text;
  if (TYPES.has(type)) return type;
  return scanner.refuse(`'is' knows no type '${type}': it is one of ${[...TYPES].sort().join(', ')}.`, at);
}

function unary(scanner: Scanner, depth: number): Expression {
  for (const op of ['!', '-'] as const) {
    if (!scanner.sees(op)) continue;
    if (depth > NESTING) return scanner.refuse(`The expression nests deeper than ${NESTING} levels.`);
    const { at } = scanner.next();
    const number = scanner.peek();
    if (op === '-' && number.kind === 'int' && number.value === INT_MIN_DIGITS) {
      scanner.next();
      return { kind: 'literal', at, value: int(-number.value) };
    }
    return { kind: 'unary', at, op, operand: unary(scanner, depth + 1) };
  }
  return postfix(scanner, primary(scanner, depth), depth);
}

function postfix(scanner: Scanner, start: Expression, depth: number): Expression {
  let of = start;
  for (let links = 0; ; links++) {
    if (links > OPERANDS) return scanner.refuse(`The expression has more than ${OPERANDS} links.`);
    if (scanner.takes('.')) {
      const { at, text: name } = scanner.word('a name');
      if (scanner.sees('(')) {
        const args = list(scanner, '(', ')', depth);
        const space = of.kind === 'variable' && NAMESPACES.has(of.name) ? of.name : undefined;
        of = space
          ? { kind: 'call', at, name: `${space}.${name}`, args }
          : { kind: 'method', at, of, name, args };
      } else {
        of = { kind: 'member', at: of.at, of, name };
      }
    } else if (scanner.sees('[')) {
      of = subscript(scanner, of, depth);
    } else {
      return of;
    }
  }
}

function subscript(scanner: Scanner, of: Expression, depth: number): Expression {
  const { at } = scanner.next();
  const from = scanner.sees(':') ? undefined : parseExpression(scanner, depth + 1);
  if (scanner.takes(':')) {
    const to = scanner.sees(']') ? undefined : parseExpression(scanner, depth + 1);
    scanner.expect(']', 'a range');
    return { kind: 'slice', at, of, from, to };
  }
  scanner.expect(']', 'an index');
  return from ? { kind: 'index', at, of, index: from } : scanner.refuse('An index is missing.');
}

function primary(scanner: Scanner, depth: number): Expression {
  const token = scanner.peek();
  const { at } = token;
  const literal = (value: RuleValue): Expression => {
    scanner.next();
    return { kind: 'literal', at, value };
  };
  if (token.kind === 'int') {
    if (token.value >= INT_MIN_DIGITS) return scanner.refuse(`Invalid number literal ${token.text}.`);
    return literal(int(token.value));
  }
  if (token.kind === 'float') return literal(float(token.value));
  if (token.kind === 'string') return literal(string(token.value));
  if (token.kind === 'bytes') return literal(bytes(token.value));
  if (token.kind === 'word') {
    if (token.text === 'true' || token.text === 'false') return literal(bool(token.text === 'true'));
    if (token.text === 'null') return literal(NULL);
    if (RESERVED.has(token.text)) return scanner.refuse(`Unexpected '${token.text}'.`);
    const { text: name } = scanner.next();
    if (scanner.sees('(')) return { kind: 'call', at, name, args: list(scanner, '(', ')', depth) };
    return { kind: 'variable', at, name };
  }
  if (scanner.takes('(')) {
    const inner = parseExpression(scanner, depth + 1);
    scanner.expect(')', 'what is in parentheses');
    return inner;
  }
  if (scanner.sees('[')) return { kind: 'list', at, items: list(scanner, '[', ']', depth) };
  if (scanner.sees('{')) return mapLiteral(scanner, depth);
  if (scanner.sees('/')) return pathLiteral(scanner, depth);
  return scanner.refuse(`Unexpected '${token.text}'.`);
}

/** Expressions between brackets; a comma may stand after the last. */
function list(scanner: Scanner, open: string, close: string, depth: number): readonly Expression[] {
  scanner.expect(open, 'this');
  const items: Expression[] = [];
  while (!scanner.sees(close)) {
    items.push(parseExpression(scanner, depth + 1));
    if (!scanner.takes(',')) break;
  }
  scanner.expect(close, 'a list');
  return items;
}

function mapLiteral(scanner: Scanner, depth: number): Expression {
  const { at } = scanner.expect('{', 'this');
  const entries: (readonly [Expression, Expression])[] = [];
  while (!scanner.sees('}')) {
    const key = parseExpression(scanner, depth + 1);
    scanner.expect(':', 'a key');
    entries.push([key, parseExpression(scanner, depth + 1)]);
    if (!scanner.takes(',')) break;
  }
  scanner.expect('}', 'a map');
  return { kind: 'map', at, entries };
}

function pathLiteral(scanner: Scanner, depth: number): Expression {
  const { at } = scanner.peek();
  const segments: (string | Expression)[] = [];
  while (scanner.sees('/')) {
    scanner.next();
    const text = scanner.pathText();
    if (text !== '') segments.push(text);
    else {
      scanner.expect('$', "'/'");
      scanner.expect('(', "'$'");
      segments.push(parseExpression(scanner, depth + 1));
      scanner.expect(')', 'what is put into a path');
    }
  }
  return { kind: 'path', at, segments };
}
