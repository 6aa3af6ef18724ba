import { z } from 'zod';
import { ConfigError } from './errors.ts';
import { pushGuardVariables } from './push-guard/variables.ts';
import { tracingVariables } from './tracing/variables.ts';

/** A duration in milliseconds, given as a number in the environment. */
export const milliseconds = (fallback: number) => z.coerce.number().int().min(0).default(fallback);
/** A positive whole number. */
export const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback);
/** `true`/`false`, `1`/`0`, `yes`/`no`. */
export const flag = (fallback: boolean) => z.stringbool().default(fallback);

/** Variables every function reads. */
export const commonConfig = {
  GOOGLE_CLOUD_PROJECT: z
    .string()
    .min(1)
    .describe('The Google Cloud project, for example my-shop. Set by the platform; locally by npm start.'),
  LOG_LEVEL: z
    .enum(['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'])
    .default('INFO')
    .describe('Least severity logged.'),
  K_SERVICE: z.string().default('local').describe('Name of the deployed service. Set by the platform.'),
  K_REVISION: z.string().default('local').describe('Deployed revision. Set by the platform.'),
  ...tracingVariables,
  ...pushGuardVariables,
};

/**
 * Reads a function's variables. Describe each field of the shape: the description is the help a bad value gets.
 * @throws ConfigError naming every bad variable at once, what it should be, and what it was.
 */
export function loadConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: NodeJS.ProcessEnv = process.env,
): z.infer<z.ZodObject<Shape>> {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = z.object(shape).safeParse(set);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '');
    const field = shape[name] as z.ZodType | undefined;
    const was = name in set ? 'is set to a value that does not fit' : 'is not set';
    const help = field?.description ?? describeInner(field);
    return `  ${name} ${was}: ${issue.message}.${help ? ` ${help}` : ''}`;
  });
  throw new ConfigError(`The environment does not configure this function:\n${lines.join('\n')}`);
}

/** Defaults and optionals wrap the described type. */
function describeInner(field: z.ZodType | undefined): string | undefined {
  const inner = (field as { def?: { innerType?: z.ZodType } } | undefined)?.def?.innerType;
  return inner?.description;
}
