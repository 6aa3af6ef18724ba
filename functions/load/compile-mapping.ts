import { canonicalJson } from '../../shared/json.ts';
import type { FieldRule, Mapping } from './mapping.ts';
import { compilePath, type Getter } from './paths.ts';
import { compileTransform } from './transforms.ts';

/** Why a value could not be mapped. */
export interface Problem {
  /** The column. */
  readonly path: string;
  readonly message: string;
}

export type Fields = Record<string, unknown>;

/** A record's fields as a mapping reads them: values that cannot be read stay as they are, and are told in `problems`. */
export interface MappedFields {
  /** Without an `event_id` where the mapping has none. */
  readonly event: Readonly<Fields>;
  readonly collector: Fields;
  readonly problems: readonly Problem[];
}

/** Reads one record; `shiftMs` is added to event times. */
export type ReadFields = (record: Readonly<Fields>, shiftMs: number) => MappedFields;

type ReadRule = (record: unknown, shiftMs: number, problems: Problem[]) => unknown;
type NamedRules = readonly (readonly [string, ReadRule])[];

/**
 * Prepares a mapping once for many records.
 * @throws SyntaxError or RangeError for a path or a zone that is none
 */
export function compileMapping(mapping: Mapping): ReadFields {
  const fields = compileRules(mapping.fields);
  const collector = compileRules(mapping.collector);
  const properties = compileRules(mapping.properties);
  const items = mapping.items.map(({ each, ...rules }) => {
    const list = each === undefined ? undefined : compilePath(each.column);
    return { list, split: each && 'split' in each ? each.split : undefined, rules: compileRules(rules) };
  });
  return (record, shiftMs) => {
    const problems: Problem[] = [];
    const event: Fields = {};
    for (const [name, read] of fields) assign(event, name, read(record, shiftMs, problems));
    const found: Fields[] = [];
    for (const { list, split, rules } of items) {
      for (const element of list ? elements(list(record), split) : [record]) {
        const item = readAll(rules, element, shiftMs, problems);
        if (item.item_id !== undefined) found.push(item);
      }
    }
    if (found.length > 0) event.items = found;
    const kept = readAll(properties, record, shiftMs, problems);
    if (Object.keys(kept).length > 0) event.properties = kept;
    return { event, collector: readAll(collector, record, shiftMs, problems), problems };
  };
}

/** The outermost columns that a mapping reads. */
export function columnsOf(mapping: Mapping): readonly string[] {
  const rules: (FieldRule | undefined)[] = [
    ...Object.values(mapping.fields),
    ...Object.values(mapping.collector),
    ...Object.values(mapping.properties),
    ...mapping.items.flatMap(({ each, ...fields }) => (each ? [] : Object.values(fields))),
  ];
  const paths = rules.flatMap((rule) =>
    rule && 'column' in rule ? [rule.column, rule.plus_ms ?? []].flat() : [],
  );
  const lists = mapping.items.flatMap(({ each }) => each?.column ?? []);
  return [...new Set([...paths, ...lists].flatMap((path) => [path, path.split(/[.[]/)[0] ?? '']))];
}

function compileRules(rules: Readonly<Record<string, FieldRule | undefined>>): NamedRules {
  return Object.entries(rules).flatMap(([name, rule]) => (rule ? [[name, compileRule(rule)] as const] : []));
}

function compileRule(rule: FieldRule): ReadRule {
  if ('constant' in rule) return () => rule.constant;
  const columns = [rule.column].flat().map((column) => ({ column, get: compileColumn(column) }));
  const plus = rule.plus_ms === undefined ? undefined : compileColumn(rule.plus_ms);
  const transform = compileTransform(rule);
  return (record, shiftMs, problems) => {
    for (const { column, get } of columns) {
      const raw = get(record)[0];
      if (raw === undefined || raw === null || raw === '') continue;
      const result = transform(raw, shiftMs, plus?.(record)[0]);
      if ('value' in result) return result.value;
      problems.push({ path: column, message: `${column} is ${shown(raw)}; expected ${result.expected}` });
      return raw;
    }
    return rule.default;
  };
}

/** A column of that very name comes first, dots and all; else it is a path. */
function compileColumn(column: string): Getter {
  let path: Getter | undefined;
  let failure: unknown;
  try {
    path = compilePath(column);
  } catch (error) {
    // Headers such as "Order [ID" are names all the same.
    failure = error;
  }
  if (!path && /^[^[\]]*\[.*\]/.test(column)) throw failure;
  return (record) => {
    if (record !== null && typeof record === 'object' && Object.hasOwn(record, column)) {
      return [(record as Fields)[column]];
    }
    return path?.(record) ?? [];
  };
}

function elements(values: readonly unknown[], split: string | undefined): readonly unknown[] {
  const lists = values.flatMap((value) =>
    typeof value === 'string' && split === undefined ? embeddedList(value) : [value],
  );
  if (split === undefined) return lists.flat();
  return lists.flatMap((text) =>
    typeof text === 'string' ? text.split(split).filter((part) => part.trim() !== '') : [text],
  );
}

/** A list that a column holds as JSON text. */
function embeddedList(text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [list];
  } catch {
    return [text];
  }
}

function readAll(rules: NamedRules, record: unknown, shiftMs: number, problems: Problem[]): Fields {
  const read: Fields = {};
  for (const [name, rule] of rules) {
    const value = rule(record, shiftMs, problems);
    if (value !== undefined) read[name] = value;
  }
  return read;
}

/** Sets `page.url` and the like; an absent value sets nothing. */
function assign(event: Fields, field: string, value: unknown): void {
  if (value === undefined) return;
  const [outer = field, inner] = field.split('.');
  if (inner === undefined) event[outer] = value;
  else event[outer] = { ...(event[outer] as Fields | undefined), [inner]: value };
}

/** A value for a message, short enough to read, however deep it nests. */
function shown(raw: unknown): string {
  const text = canonicalJson(raw);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
