/** Reads the values at a path of a record; several where a step takes each match of a list. */
export type Getter = (record: unknown) => readonly unknown[];

type Step =
  | { readonly key: string }
  | { readonly index: number }
  | { readonly where: string; readonly is: string; readonly prefix: boolean };

/**
 * Compiles a path into a JSON record: `user.id`, `items[0].sku`, `event_params[key=page_location].value.string_value`
 * (the elements whose `key` is that), `contexts.data[schema^=iglu:com.acme/]` (begins with). A text on the way that is JSON itself
 * is read as JSON. `.` is the record itself.
 * @throws SyntaxError where the path is none
 */
export function compilePath(path: string): Getter {
  if (path === '.') return (record) => [record];
  const steps = parsePath(path);
  return (record) => {
    let values: readonly unknown[] = [record];
    for (const step of steps) {
      values = values.flatMap((value) => take(value, step));
      if (values.length === 0) break;
    }
    return values;
  };
}

/** Steps are separated by dots, except within brackets. */
function parsePath(path: string): readonly Step[] {
  const steps: Step[] = [];
  const pattern = /(?:^|\.)([^.[\]]+)|\[(\d+)\]|\[([^\]=^]+)(\^?=)([^\]]*)\]/gy;
  let end = 0;
  for (let match = pattern.exec(path); match; match = pattern.exec(path)) {
    const [, key, index, where, operator, is] = match;
    if (key !== undefined) steps.push({ key });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else steps.push({ where: where ?? '', is: is ?? '', prefix: operator === '^=' });
    end = pattern.lastIndex;
  }
  if (end !== path.length || steps.length === 0) {
    throw new SyntaxError(`"${path}" is no path such as user.id, items[0].sku or params[key=page].value`);
  }
  return steps;
}

function take(value: unknown, step: Step): readonly unknown[] {
  const at = typeof value === 'string' ? embedded(value) : value;
  if (at === null || typeof at !== 'object') return [];
  if ('key' in step) return Object.hasOwn(at, step.key) ? [(at as Record<string, unknown>)[step.key]] : [];
  if (!Array.isArray(at)) return [];
  if ('index' in step) return step.index < at.length ? [at[step.index]] : [];
  return at.filter((element: unknown) => {
    if (element === null || typeof element !== 'object' || !Object.hasOwn(element, step.where)) return false;
    const found = (element as Record<string, unknown>)[step.where];
    return typeof found === 'string' && (step.prefix ? found.startsWith(step.is) : found === step.is);
  });
}

function embedded(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
