import type { Access, View } from '../backend.ts';
import { FirestoreError } from '../firestore-error.ts';
import { databaseOf } from '../paths.ts';
import type { Query } from '../query.ts';
import { type Decision, decide, type RulesRequest } from './decide.ts';
import { resourceOf, rulePath } from './document-values.ts';
import { makeLookups } from './lookups.ts';
import { collectionPath, queryResources } from './query-resources.ts';
import { int, map, NULL, path, type RuleValue, string, timestamp } from './rule-value.ts';
import { EvaluationError } from './rules-error.ts';
import type { Method, RulesFile } from './syntax.ts';

export interface RulesAccessOptions {
  /** The rules of the moment. */
  readonly rules: () => RulesFile;
  /** `request.auth`. */
  readonly auth: RuleValue;
  /** Told what rules pass to `debug(…)`. */
  readonly onDebug?: ((value: RuleValue) => void) | undefined;
}

type Views = { readonly before: View; readonly after: View };
type Asked = Omit<RulesRequest, 'request'> & {
  readonly name: string;
  readonly views: Views;
  readonly details?: readonly (readonly [string, RuleValue])[];
  readonly requestPath?: readonly string[];
};

/** Expressions that one operation may evaluate: https://firebase.google.com/docs/firestore/security/get-started#security_rules_limits */
const MOST_EXPRESSIONS = 1000;

/** What rules allow a caller. */
export function makeRulesAccess({ rules, auth, onDebug }: RulesAccessOptions): Access {
  // Lookups are counted over all writes of a commit, which share their views.
  let request: { readonly view: View; readonly lookedUp: Set<string> } | undefined;
  const ask = ({ name, views, details = [], requestPath, ...asked }: Asked): Decision => {
    if (request?.view !== views.after) request = { view: views.after, lookedUp: new Set() };
    let spent = 0;
    const known = map([
      ['auth', auth],
      ['method', string(asked.method)],
      ['path', path(requestPath ?? rulePath(name))],
      ['query', NULL],
      ['resource', NULL],
      // Server timestamps, which are compared with this, have milliseconds.
      ['time', timestamp((views.after.time / 1000n) * 1_000_000n)],
      ...details,
    ]);
    return decide(
      rules(),
      { ...asked, request: known },
      {
        ...makeLookups(databaseOf(name), views, request.lookedUp),
        spend: () => {
          spent += 1;
          if (spent > MOST_EXPRESSIONS)
            throw new EvaluationError(`More than ${MOST_EXPRESSIONS} expressions are evaluated.`);
        },
        debug: (value) => onDebug?.(value),
      },
    );
  };
  return {
    get(name, document, view) {
      const views = { before: view, after: view };
      enforce(ask({ method: 'get', name, path: rulePath(name), resource: resourceOf(document), views }));
    },
    list(query, document, view) {
      // The rules held for whatever the query may find, before it ran.
      if (document) return;
      const details = [['query', queryValue(query)]] as const;
      const common = {
        method: 'list',
        name: query.parent,
        details,
        views: { before: view, after: view },
      } as const;
      for (const each of alternatives(query))
        enforce(ask({ ...common, ...each, requestPath: collectionPath(query) }));
    },
    write({ kind, name, before, after, views }) {
      const method: Method = kind;
      const details = [['resource', resourceOf(after)]] as const;
      enforce(ask({ method, name, path: rulePath(name), resource: resourceOf(before), views, details }));
    },
  };
}

function alternatives(query: Query): ReturnType<typeof queryResources> {
  try {
    return queryResources(query);
  } catch (error) {
    if (error instanceof EvaluationError) throw new FirestoreError('PERMISSION_DENIED', error.message);
    throw error;
  }
}

function enforce(decision: Decision): void {
  if (decision.allowed) return;
  const why = [...new Set(decision.reasons)].join(', ') || 'No matching allow statements';
  throw new FirestoreError('PERMISSION_DENIED', why);
}

/** `request.query` */
function queryValue({ limit, offset, orderBy }: Query): RuleValue {
  const orders = orderBy.map(
    ({ field, descending }) => [field.join('.'), string(descending ? 'DESC' : 'ASC')] as const,
  );
  return map([
    ['limit', limit === undefined ? NULL : int(limit)],
    ['offset', int(offset)],
    ['orderBy', map(orders)],
  ]);
}
