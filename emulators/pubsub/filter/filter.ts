import { invalid } from '../pubsub-error.ts';
import { type Token, tokenize, unreadable } from './tokens.ts';

type Attributes = Readonly<Record<string, string>>;

/** Whether a message with these attributes is delivered. */
export type Filter = (attributes: Attributes) => boolean;

const MAX_BYTES = 256;

/**
 * Compiles a subscription's filter: `attributes:KEY`, `attributes.KEY = "V"`, `attributes.KEY != "V"`,
 * `hasPrefix(attributes.KEY, "P")`, with `NOT` or `-`, `AND`, `OR` and parentheses. `AND` and `OR` do not mix
 * without parentheses; `!=` also holds where the key is missing.
 * https://cloud.google.com/pubsub/docs/subscription-message-filter
 * @throws PubSubError INVALID_ARGUMENT
 */
export function parseFilter(filter: string): Filter {
  if (Buffer.byteLength(filter) > MAX_BYTES)
    throw invalid(`The filter is ${Buffer.byteLength(filter)} bytes long; at most ${MAX_BYTES} are allowed.`);
  const tokens = tokenize(filter);
  let at = 0;
  const peek = (): Token => tokens[at] ?? { kind: 'end', text: '', at: filter.length };
  const next = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  const fail = (token: Token): never => {
    throw unreadable(filter, token.at);
  };
  const expect = (kind: Token['kind'], text?: string): Token => {
    const token = next();
    return token.kind === kind && (text === undefined || token.text === text) ? token : fail(token);
  };
  const isWord = (text: string): boolean => peek().kind === 'word' && peek().text === text;

  const expression = (): Filter => {
    const terms = [term()];
    const joint = isWord('AND') ? 'AND' : 'OR';
    while (isWord(joint)) {
      next();
      terms.push(term());
    }
    if (isWord('AND') || isWord('OR')) {
      throw invalid(`The filter mixes AND with OR at position ${peek().at + 1}; group them by parentheses.`);
    }
    const [only] = terms;
    if (terms.length === 1 && only) return only;
    return joint === 'AND'
      ? (attributes) => terms.every((each) => each(attributes))
      : (attributes) => terms.some((each) => each(attributes));
  };

  const term = (): Filter => {
    if (peek().kind === '-' || isWord('NOT')) {
      next();
      const inner = term();
      return (attributes) => !inner(attributes);
    }
    if (peek().kind === '(') {
      next();
      const inner = expression();
      expect(')');
      return inner;
    }
    return isWord('hasPrefix') ? prefix() : comparison();
  };

  const key = (): string => {
    const token = next();
    return token.kind === 'word' || token.kind === 'string' ? token.text : fail(token);
  };

  const prefix = (): Filter => {
    next();
    expect('(');
    expect('word', 'attributes');
    expect('.');
    const name = key();
    expect(',');
    const start = expect('string').text;
    expect(')');
    return (attributes) => own(attributes, name)?.startsWith(start) ?? false;
  };

  const comparison = (): Filter => {
    expect('word', 'attributes');
    const separator = next();
    if (separator.kind !== ':' && separator.kind !== '.') return fail(separator);
    const name = key();
    if (separator.kind === ':') return (attributes) => own(attributes, name) !== undefined;
    const operator = next();
    if (operator.kind !== '=' && operator.kind !== '!=') return fail(operator);
    const value = expect('string').text;
    return operator.kind === '='
      ? (attributes) => own(attributes, name) === value
      : (attributes) => own(attributes, name) !== value;
  };

  const whole = expression();
  expect('end');
  return whole;
}

function own(attributes: Attributes, key: string): string | undefined {
  return Object.hasOwn(attributes, key) ? attributes[key] : undefined;
}
