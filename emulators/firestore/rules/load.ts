import { checkRules } from './check.ts';
import { parseRules } from './parser.ts';
import type { RulesFile } from './syntax.ts';

/**
 * Rules ready to be asked, from their source: https://firebase.google.com/docs/rules/rules-language
 * @throws RulesError with line and column where something is not of the language, or names what there is not
 */
export function loadRules(source: string): RulesFile {
  const file = parseRules(source);
  checkRules(file);
  return file;
}
