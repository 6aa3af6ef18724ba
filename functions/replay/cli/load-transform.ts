import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, messageOf } from '../../../shared/errors.ts';
import type { Transform } from '../ports.ts';

/**
 * Loads `transform` of a module, TypeScript or JavaScript; its default export serves as well.
 * @throws ConfigError where the file cannot be loaded or exports no function
 */
export async function loadTransform(file: string): Promise<Transform> {
  const exported = await importModule(file);
  const transform = exported.transform ?? exported.default;
  if (typeof transform !== 'function') {
    throw new ConfigError(
      `${file} exports no function: it should say export function transform(payload, failed) { return payload; }`,
    );
  }
  return transform as Transform;
}

async function importModule(
  file: string,
): Promise<{ readonly transform?: unknown; readonly default?: unknown }> {
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as { transform?: unknown; default?: unknown };
  } catch (error) {
    throw new ConfigError(`--transform ${file} cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
}
