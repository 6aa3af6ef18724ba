import type { Document, View } from '../backend.ts';
import { resourceOf } from './document-values.ts';
import { bool, type RuleValue } from './rule-value.ts';
import { EvaluationError } from './rules-error.ts';

/** Documents that one operation may look up, and all operations of a request: https://firebase.google.com/docs/firestore/security/rules-conditions#access_call_limits */
const MOST_BY_OPERATION = 10;
const MOST_BY_REQUEST = 20;

export const LOOKUP_NAMES: readonly string[] = ['get', 'exists', 'getAfter', 'existsAfter'];

export interface Lookups {
  /** Undefined for other functions. @throws EvaluationError for other than a document's path, or beyond the limit */
  lookUp(name: string, args: readonly RuleValue[]): RuleValue | undefined;
}

/**
 * The functions by which rules read documents, for one operation.
 * @param database `projects/P/databases/D`; others cannot be read
 * @param inRequest names that the whole request has looked up; added to
 */
export function makeLookups(
  database: string,
  views: { readonly before: View; readonly after: View },
  inRequest: Set<string>,
): Lookups {
  const inOperation = new Set<string>();
  const read = (name: string, after: boolean): Document | undefined => {
    const key = `${after ? 'after' : 'before'} ${name}`;
    inOperation.add(key);
    inRequest.add(key);
    if (inOperation.size > MOST_BY_OPERATION || inRequest.size > MOST_BY_REQUEST) {
      throw new EvaluationError(
        `Too many documents are looked up: ${MOST_BY_OPERATION} by an operation and ${MOST_BY_REQUEST} by a request at most.`,
      );
    }
    return (after ? views.after : views.before).get(name);
  };
  return {
    lookUp(name, args) {
      if (!LOOKUP_NAMES.includes(name)) return undefined;
      const document = read(documentName(name, args, database), name.endsWith('After'));
      if (name.startsWith('exists')) return bool(document !== undefined);
      if (!document) throw new EvaluationError(`${name} of a document that does not exist.`);
      return resourceOf(document);
    },
  };
}

function documentName(name: string, [arg]: readonly RuleValue[], database: string): string {
  if (arg?.kind !== 'path')
    throw new EvaluationError(
      `Unsupported operation error. Received: ${name}(${arg?.kind ?? ''}). Expected: ${name}(path).`,
    );
  const { segments } = arg;
  const [databases, id, documents, ...ids] = segments;
  const isDocument = databases === 'databases' && documents === 'documents' && ids.length >= 2;
  if (
    !isDocument ||
    ids.length % 2 === 1 ||
    segments.some((text) => text === '' || text.includes('/')) ||
    !database.endsWith(`/databases/${id}`)
  )
    throw new EvaluationError(`${name} of /${segments.join('/')}, which is no document of this database.`);
  return `${database}/documents/${ids.join('/')}`;
}
