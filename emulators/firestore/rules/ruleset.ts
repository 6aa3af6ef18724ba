import type { Authorize } from '../authorize.ts';
import { makeRulesAccess } from './access.ts';
import { callerOf } from './caller.ts';
import { loadRules } from './load.ts';

/** The rules that bind everyone but the project's owner; they may be replaced while the emulator runs. */
export interface Ruleset {
  readonly authorize: Authorize;
  /** @throws RulesError, and the former rules stay */
  replace(source: string): void;
}

/**
 * @param source of the rules
 * @param say is told what rules pass to `debug(…)`
 * @throws RulesError
 */
export function makeRuleset(source: string, say: (line: string) => void = () => undefined): Ruleset {
  let file = loadRules(source);
  return {
    replace(next) {
      file = loadRules(next);
    },
    authorize(authorization) {
      const caller = callerOf(authorization);
      if (caller.kind === 'owner') return undefined;
      return makeRulesAccess({
        rules: () => file,
        auth: caller.auth,
        onDebug: (value) => say(`rules debug: ${JSON.stringify(value, plain)}`),
      });
    },
  };
}

/** 64-bit integers and maps in a form that JSON has. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Map ? Object.fromEntries(value) : value;
}
