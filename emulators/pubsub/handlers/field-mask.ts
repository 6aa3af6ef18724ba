import type { Plain } from '../../protos.ts';
import { invalid } from '../pubsub-error.ts';

/** What is updated, by which fields, and which of its fields may be. */
export interface Update {
  /** As in messages: `Topic`. */
  readonly kind: string;
  readonly current: Plain;
  readonly changes: Plain;
  /** google.protobuf.FieldMask. */
  readonly mask: unknown;
  /** In camelCase. */
  readonly mutable: readonly string[];
}

/**
 * A resource with the fields that the mask names taken from the changes; one that these lack is removed.
 * @throws PubSubError INVALID_ARGUMENT
 */
export function applyMask({ kind, current, changes, mask, mutable }: Update): Plain {
  const { paths = [] } = (mask ?? {}) as { readonly paths?: readonly string[] };
  if (paths.length === 0)
    throw invalid(
      `The update_mask in the Update${kind}Request must be set, and must contain a non-empty paths list.`,
    );
  return paths.reduce((resource, path) => {
    const names = path.split('.').map(camel);
    if (!mutable.includes(names[0] ?? '')) {
      throw invalid(
        `Invalid update_mask provided in the Update${kind}Request: the '${path}' field in the ${kind} is not mutable.`,
      );
    }
    return withField(resource, changes, names);
  }, current);
}

function withField(current: Plain, changes: Plain, [name = '', ...inner]: readonly string[]): Plain {
  const { [name]: before, ...others } = current;
  const change = changes[name];
  const value =
    inner.length === 0 ? change : withField((before ?? {}) as Plain, (change ?? {}) as Plain, inner);
  return value === undefined ? others : { ...others, [name]: value };
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}
