import { z } from 'zod';
import { BigQueryError } from '../backend.ts';

interface ParameterType {
  readonly type: string;
  readonly arrayType?: ParameterType | undefined;
  readonly structTypes?:
    | readonly { readonly name?: string | undefined; readonly type: ParameterType }[]
    | undefined;
}
interface ParameterValue {
  readonly value?: string | null | undefined;
  readonly arrayValues?: readonly ParameterValue[] | undefined;
  readonly structValues?: Readonly<Record<string, ParameterValue>> | undefined;
}

const Type: z.ZodType<ParameterType> = z.lazy(() =>
  z.object({
    type: z.string(),
    arrayType: Type.optional(),
    structTypes: z.array(z.object({ name: z.string().optional(), type: Type })).optional(),
  }),
);
const Value: z.ZodType<ParameterValue> = z.lazy(() =>
  z.object({
    value: z.union([z.string(), z.number(), z.boolean()]).transform(String).nullish(),
    arrayValues: z.array(Value).optional(),
    structValues: z.record(z.string(), Value).optional(),
  }),
) as z.ZodType<ParameterValue>;

/** A query parameter: https://cloud.google.com/bigquery/docs/reference/rest/v2/QueryParameter */
export const QueryParameter = z.object({
  name: z.string().optional(),
  parameterType: Type,
  parameterValue: Value.optional(),
});
export type QueryParameter = z.infer<typeof QueryParameter>;

/** A parameter as a GoogleSQL literal, which says its type. */
export function literal({ parameterType, parameterValue }: QueryParameter): string {
  return render(parameterType, parameterValue);
}

function render(type: ParameterType, given: ParameterValue | undefined): string {
  const name = type.type.toUpperCase();
  if (name === 'ARRAY') {
    const inner = type.arrayType ?? { type: 'STRING' };
    const items = (given?.arrayValues ?? []).map((item) => render(inner, item));
    return items.length > 0 ? `[${items.join(', ')}]` : `CAST([] AS ${typeName(type)})`;
  }
  if (name === 'STRUCT') {
    if (given?.structValues === undefined) return `CAST(NULL AS ${typeName(type)})`;
    const members = (type.structTypes ?? []).map((member) => {
      const value = render(member.type, given?.structValues?.[member.name ?? '']);
      return member.name === undefined ? value : `${value} AS ${member.name}`;
    });
    return `STRUCT(${members.join(', ')})`;
  }
  const value = given?.value;
  if (value === undefined || value === null) return `CAST(NULL AS ${name})`;
  switch (name) {
    case 'INT64':
    case 'INTEGER':
      if (!/^-?\d+$/.test(value)) throw invalid(name, value);
      return value;
    case 'BYTES':
      return `FROM_BASE64(${quotedString(value)})`;
    case 'BOOL':
    case 'BOOLEAN':
      if (!/^(true|false)$/i.test(value)) throw invalid(name, value);
      return value.toUpperCase();
    case 'STRING':
      return quotedString(value);
    default:
      return `CAST(${quotedString(value)} AS ${name})`;
  }
}

/** A type as GoogleSQL writes it. */
function typeName({ type, arrayType, structTypes = [] }: ParameterType): string {
  const name = type.toUpperCase();
  if (name === 'ARRAY') return `ARRAY<${arrayType ? typeName(arrayType) : 'STRING'}>`;
  if (name !== 'STRUCT') return name;
  return `STRUCT<${structTypes.map((member) => `${member.name ?? ''} ${typeName(member.type)}`.trim()).join(', ')}>`;
}

/** A GoogleSQL string literal. */
function quotedString(value: string): string {
  // DuckDB ends a literal at NUL.
  const parts = value.split('\u0000').map((part) => `'${escaped(part)}'`);
  return parts.length === 1 ? parts.join('') : `CONCAT(${parts.join(', CHR(0), ')})`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

function invalid(type: string, value: string): BigQueryError {
  return new BigQueryError(400, 'invalid', `Could not parse '${value}' as ${type} for a query parameter.`);
}
