import { conditionNotMet, invalid } from './storage-error.ts';

/** Conditions on the object a request names; 0 for a generation means "no such object". */
export interface Preconditions {
  readonly ifGenerationMatch?: bigint;
  readonly ifGenerationNotMatch?: bigint;
  readonly ifMetagenerationMatch?: bigint;
  readonly ifMetagenerationNotMatch?: bigint;
}

const NAMES = [
  'ifGenerationMatch',
  'ifGenerationNotMatch',
  'ifMetagenerationMatch',
  'ifMetagenerationNotMatch',
] as const;

/**
 * Reads preconditions from query parameters; `prefix` `ifSource` reads those of a copy's source.
 * @throws StorageError 400 where one is no number.
 */
export function parsePreconditions(
  query: Readonly<Record<string, string>>,
  prefix: 'if' | 'ifSource' = 'if',
): Preconditions {
  const found: Record<string, bigint> = {};
  for (const name of NAMES) {
    const parameter = prefix + name.slice(2);
    const value = query[parameter];
    if (value === undefined) continue;
    if (!/^\d{1,19}$/.test(value)) throw invalid(`Invalid value "${value}" for the parameter ${parameter}.`);
    found[name] = BigInt(value);
  }
  return found;
}

/** The version of an object that conditions are checked against. */
export interface Version {
  readonly generation: string;
  readonly metageneration: number;
}

/** @throws StorageError 412 where a condition does not hold for the live object, or for there being none. */
export function checkPreconditions(conditions: Preconditions, live: Version | undefined): void {
  const generation = BigInt(live?.generation ?? 0);
  const metageneration = live === undefined ? undefined : BigInt(live.metageneration);
  const { ifGenerationMatch, ifGenerationNotMatch, ifMetagenerationMatch, ifMetagenerationNotMatch } =
    conditions;
  if (ifGenerationMatch !== undefined && ifGenerationMatch !== generation) throw conditionNotMet();
  if (ifGenerationNotMatch !== undefined && ifGenerationNotMatch === generation) throw conditionNotMet();
  if (ifMetagenerationMatch !== undefined && ifMetagenerationMatch !== metageneration)
    throw conditionNotMet();
  if (ifMetagenerationNotMatch !== undefined && ifMetagenerationNotMatch === metageneration)
    throw conditionNotMet();
}
