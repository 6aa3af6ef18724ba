import { parseArgs } from 'node:util';

/**
 * The function that this process serves, of those registered in one `index.ts`: `FUNCTION_TARGET` as the platform
 * sets it, or functions-framework's `--target`. Only that one's variables are set, so only that one may be built.
 */
export function servedTarget(
  environment: NodeJS.ProcessEnv = process.env,
  args: readonly string[] = process.argv.slice(2),
): string | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: { target: { type: 'string' } },
    strict: false,
  });
  const { target } = values;
  return typeof target === 'string' ? target : environment.FUNCTION_TARGET;
}
