/** Tells whether a text (a payload, a line of a file) is about a person. */
export interface Mentions {
  readonly in: (text: string) => boolean;
  /** What every such text contains, in lower case and as JSON writes it: for a store to narrow its search by. */
  readonly needles: readonly string[];
}

/** Ids shorter than this are looked for as whole values only: within longer texts they would be found by chance. */
const SHORTEST_WITHIN = 6;
/** Fields whose numbers are ids. */
const ID_FIELD = /(^|_|[a-z])(id|ids|key|uid|user|customer|visitor|client|account)$/i;

/**
 * Looks for a person's ids, without regard to case. JSON is looked through value by value: a value that is an id, a number that is one in a field
 * named as an id, or a text that contains one between other signs. What is no JSON is looked through as text.
 */
export function mentionsOf(names: readonly string[]): Mentions {
  const ids = names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  const within = ids
    .filter((id) => id.length >= SHORTEST_WITHIN)
    .map((id) => new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(id)}(?![\\p{L}\\p{N}_])`, 'u'));
  const anywhere = ids.map(
    (id) => new RegExp(`(?<![\\p{L}\\p{N}_-])${escaped(id)}(?![\\p{L}\\p{N}_-])`, 'u'),
  );
  const isText = (text: string): boolean => {
    const lower = text.trim().toLowerCase();
    const plain = lower.includes('%') ? `${lower}\n${decoded(lower)}` : lower;
    return ids.includes(lower) || within.some((pattern) => pattern.test(plain));
  };
  const isValue = (value: unknown, field: string): boolean => {
    if (typeof value === 'string') return isText(value) || isInner(value);
    if (typeof value === 'number') return ID_FIELD.test(field) && ids.includes(String(value));
    if (Array.isArray(value)) return value.some((each) => isValue(each, field));
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some(([name, each]) => isText(name) || isValue(each, name));
  };
  /** JSON within a text, as some protocols nest it. */
  const isInner = (text: string): boolean => {
    if (!/^\s*[{[]/.test(text)) return false;
    const inner = parsed(text);
    return inner !== undefined && isValue(inner, '');
  };
  return {
    needles: [
      ...new Set(
        ids.flatMap((id) => [id, JSON.stringify(id).slice(1, -1), encodeURIComponent(id).toLowerCase()]),
      ),
    ],
    in: (text) => {
      const value = parsed(text);
      if (value !== undefined) return isValue(value, '');
      const lower = text.toLowerCase();
      return anywhere.some((pattern) => pattern.test(lower));
    },
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
