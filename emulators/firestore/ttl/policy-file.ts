import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { makeTtlPolicies, type TtlPolicies, type TtlPolicy } from './policies.ts';

/** Policies that are kept in a file. */
export function openTtlPolicies(file: string): TtlPolicies {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly TtlPolicy[]) : [];
  return makeTtlPolicies(kept, (policies) => {
    writeFileSync(`${file}.tmp`, JSON.stringify(policies));
    renameSync(`${file}.tmp`, file);
  });
}
