import { parseExpression, RESERVED } from './expressions.ts';
import type { Position } from './rules-error.ts';
import { makeScanner, type Scanner, type Token } from './scanner.ts';
import type { Allow, FunctionDeclaration, Match, Method, PatternSegment, RulesFile } from './syntax.ts';

const METHODS: Readonly<Record<string, readonly Method[]>> = {
  read: ['get', 'list'],
  write: ['create', 'update', 'delete'],
  get: ['get'],
  list: ['list'],
  create: ['create'],
  update: ['update'],
  delete: ['delete'],
};
const MATCH_DEPTH = 50;

/**
 * Parses a file of Firestore rules: https://firebase.google.com/docs/rules/rules-language
 * @throws RulesError where it is not of the language
 */
export function parseRules(source: string): RulesFile {
  const scanner = makeScanner(source);
  const version = parseVersion(scanner);
  const functions: FunctionDeclaration[] = [];
  const parseFunctions = (): void => {
    while (scanner.sees('function')) functions.push(parseFunction(scanner));
  };
  parseFunctions();
  const service = scanner.expect('service', 'the functions');
  const name = serviceName(scanner);
  if (name !== 'cloud.firestore')
    return scanner.refuse(`These are rules of ${name}, not of cloud.firestore.`, service.at);
  scanner.expect('{', 'the service');
  const body = parseBody(scanner, version, 0);
  if (body.allows[0]) return scanner.refuse("An 'allow' stands in a match only.", body.allows[0].at);
  if (body.matches.length === 0) return scanner.refuse('The service has no match.', service.at);
  parseFunctions();
  if (scanner.peek().kind !== 'end') return scanner.refuse(`Unexpected '${scanner.peek().text}'.`);
  return { version, functions: [...functions, ...body.functions], matches: body.matches };
}

function parseVersion(scanner: Scanner): 1 | 2 {
  if (!scanner.takes('rules_version')) return 1;
  scanner.expect('=', 'rules_version');
  const token = scanner.next();
  scanner.takes(';');
  if (token.kind === 'string' && token.value === '1') return 1;
  if (token.kind === 'string' && token.value === '2') return 2;
  return scanner.refuse(`Unsupported rules version ${token.text}: it is '1' or '2'.`, token.at);
}

function serviceName(scanner: Scanner): string {
  let name = scanner.word("the service's name").text;
  while (scanner.takes('.')) name += `.${scanner.word("the service's name").text}`;
  return name;
}

type Body = Pick<Match, 'functions' | 'allows' | 'matches'>;

/** What is between the braces of a service or match, with the closing one. */
function parseBody(scanner: Scanner, version: 1 | 2, depth: number): Body {
  if (depth > MATCH_DEPTH) return scanner.refuse(`Matches nest deeper than ${MATCH_DEPTH} levels.`);
  const functions: FunctionDeclaration[] = [];
  const allows: Allow[] = [];
  const matches: Match[] = [];
  while (!scanner.takes('}')) {
    if (scanner.sees('function')) functions.push(parseFunction(scanner));
    else if (scanner.sees('allow')) allows.push(parseAllow(scanner));
    else if (scanner.sees('match')) matches.push(parseMatch(scanner, version, depth));
    else
      return scanner.refuse(
        `Unexpected '${scanner.peek().text}': a match, allow or function should stand here.`,
      );
  }
  return { functions, allows, matches };
}

function parseMatch(scanner: Scanner, version: 1 | 2, depth: number): Match {
  const { at } = scanner.next();
  const pattern = parsePattern(scanner, version);
  scanner.expect('{', 'the path of a match');
  const body = parseBody(scanner, version, depth + 1);
  if (body.functions.length + body.allows.length + body.matches.length === 0)
    return scanner.refuse('The match has nothing in it.', at);
  return { at, pattern, ...body };
}

function parsePattern(scanner: Scanner, version: 1 | 2): readonly PatternSegment[] {
  const pattern: PatternSegment[] = [];
  const { at } = scanner.peek();
  do {
    scanner.expect('/', 'match');
    const text = scanner.pathText();
    if (text !== '') pattern.push({ kind: 'text', text });
    else pattern.push(parseWildcard(scanner, pattern));
  } while (scanner.sees('/'));
  const rest = pattern.findIndex(({ kind }) => kind === 'rest');
  if (rest !== pattern.findLastIndex(({ kind }) => kind === 'rest'))
    return scanner.refuse('A path has one {name=**} at most.', at);
  if (version === 1 && rest >= 0 && rest < pattern.length - 1)
    return scanner.refuse("{name=**} stands last in a path, unless rules_version is '2'.", at);
  return pattern;
}

function parseWildcard(scanner: Scanner, before: readonly PatternSegment[]): PatternSegment {
  scanner.expect('{', "'/' in the path of a match, unless it is text,");
  const { text: name, at } = newName(scanner, 'the name of a wildcard');
  if (before.some((segment) => segment.kind !== 'text' && segment.name === name))
    return scanner.refuse(`The path has {${name}} twice.`, at);
  let kind: 'one' | 'rest' = 'one';
  if (scanner.takes('=')) {
    scanner.expect('*', "'='");
    if (scanner.takes('*')) kind = 'rest';
  }
  scanner.expect('}', 'a wildcard');
  return { kind, name };
}

function parseAllow(scanner: Scanner): Allow {
  const { at } = scanner.next();
  const methods = new Set<Method>();
  do {
    const word = scanner.word('an operation');
    const named = METHODS[word.text];
    if (!named)
      return scanner.refuse(
        `There is no operation '${word.text}': it is one of ${Object.keys(METHODS).join(', ')}.`,
        word.at,
      );
    for (const method of named) methods.add(method);
  } while (scanner.takes(','));
  let condition: Allow['condition'];
  if (scanner.takes(':')) {
    scanner.expect('if', "':'");
    condition = parseExpression(scanner);
  }
  endStatement(scanner, 'an allow');
  return { at, methods, condition };
}

function parseFunction(scanner: Scanner): FunctionDeclaration {
  const at: Position = scanner.next().at;
  const { text: name } = newName(scanner, "the function's name");
  const parameters: string[] = [];
  scanner.expect('(', "the function's name");
  while (!scanner.sees(')')) {
    parameters.push(newName(scanner, "a parameter's name").text);
    if (!scanner.takes(',')) break;
  }
  scanner.expect(')', 'the parameters');
  scanner.expect('{', 'the parameters');
  const lets: { at: Position; name: string; value: ReturnType<typeof parseExpression> }[] = [];
  while (scanner.takes('let')) {
    const variable = newName(scanner, "the variable's name");
    scanner.expect('=', "the variable's name");
    lets.push({ at: variable.at, name: variable.text, value: parseExpression(scanner) });
    scanner.expect(';', 'a let');
  }
  scanner.expect('return', "the function's variables");
  const result = parseExpression(scanner);
  endStatement(scanner, 'a return');
  scanner.expect('}', "the function's return");
  return { at, name, parameters, lets, result };
}

function newName(scanner: Scanner, what: string): Token {
  const token = scanner.word(what);
  if (RESERVED.has(token.text)) return scanner.refuse(`'${token.text}' cannot be ${what}.`, token.at);
  return token;
}

/** A statement ends by `;`, which may be left out where a brace or the next statement follows. */
function endStatement(scanner: Scanner, what: string): void {
  if (scanner.takes(';')) return;
  if (!['}', 'allow', 'match', 'function'].some((text) => scanner.sees(text))) scanner.expect(';', what);
}
