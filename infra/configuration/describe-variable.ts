import { z } from 'zod';

/** A variable as a person reads of it. */
export interface DescribedVariable {
  readonly name: string;
  /** What it may be, as `whole number, 1 or more` or `granted, denied`. */
  readonly values: string;
  /** As written in the environment; undefined where there is none. */
  readonly fallback: string | undefined;
  readonly required: boolean;
  readonly effect: string;
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** Reads name, default, bounds and description off a variable's schema. */
export function describeVariable(name: string, schema: z.ZodType): DescribedVariable {
  const absent = schema.safeParse(undefined);
  const json = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as JsonSchema;
  const fallback = absent.success ? written(beforeParsing(schema) ?? absent.data) : undefined;
  return {
    name,
    values: describeValues(json, absent.success ? absent.data : undefined),
    fallback,
    required: !absent.success,
    effect: descriptionOf(schema),
  };
}

function describeValues(json: JsonSchema, example: unknown): string {
  if (json.enum) return json.enum.join(', ');
  if (json.type === 'boolean' || typeof example === 'boolean') return 'true, false';
  if (json.type === 'integer' || json.type === 'number') {
    const kind = json.type === 'integer' ? 'whole number' : 'number';
    const least = json.minimum === undefined ? '' : `, ${json.minimum} or more`;
    const bounded = json.maximum !== undefined && json.maximum < Number.MAX_SAFE_INTEGER;
    return bounded ? `${kind}, ${json.minimum} to ${json.maximum}` : `${kind}${least}`;
  }
  if (json.format === 'uri') return 'URL';
  if ((json.minLength ?? 0) > 1) return `text, ${json.minLength} characters or more`;
  return 'text';
}

/** The default of a variable that is parsed into something else. */
function beforeParsing(schema: z.ZodType): unknown {
  return schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined;
}

/** A default that is no plain value stands for several variables' worth of structure: told by its description alone. */
function written(value: unknown): string | undefined {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  return undefined;
}

/** Defaults and optionals wrap the described type. */
function descriptionOf(schema: z.ZodType): string {
  const inner = (schema as { def?: { innerType?: z.ZodType } }).def?.innerType;
  return schema.description ?? (inner ? descriptionOf(inner) : '');
}
