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
  /** Without recursion: whoever may send an event may nest it as deep as a payload is long. */
  const isAbout = (top: unknown): boolean => {
    const left: [value: unknown, field: string][] = [[top, '']];
    for (let next = left.pop(); next; next = left.pop()) {
      const [value, field] = next;
      if (typeof value === 'string') {
        if (isText(value)) return true;
        const inner = innerOf(value);
        if (inner !== undefined) left.push([inner, '']);
      } else if (typeof value === 'number') {
        if (ID_FIELD.test(field) && ids.includes(String(value))) return true;
      } else if (Array.isArray(value)) {
        for (const each of value) left.push([each, field]);
      } else if (typeof value === 'object' && value !== null) {
        for (const [name, each] of Object.entries(value)) {
          if (isText(name)) return true;
          left.push([each, name]);
        }
      }
    }
    return false;
  };
  return {
    needles: [
      ...new Set(
        ids.flatMap((id) => [id, JSON.stringify(id).slice(1, -1), encodeURIComponent(id).toLowerCase()]),
      ),
    ],
    in: (text) => {
      const value = parsed(text);
      if (value !== undefined) return isAbout(value);
      const lower = text.toLowerCase();
      return anywhere.some((pattern) => pattern.test(lower));
    },
  };
}

/** JSON within a text, as some protocols nest it. */
function innerOf(text: string): unknown {
  return /^\s*[{[]/.test(text) ? parsed(text) : undefined;
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
