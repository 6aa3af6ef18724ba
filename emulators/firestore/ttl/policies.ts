import { formatFieldPath } from '../field-paths.ts';
import type { FieldPath } from '../query.ts';

/** Documents of a collection group go once the time in a field has passed. */
export interface TtlPolicy {
  /** `projects/P/databases/D` */
  readonly database: string;
  readonly collectionGroup: string;
  readonly field: FieldPath;
}

/** The policies of every database. A collection group has one at most, as in the service. */
export interface TtlPolicies {
  all(): readonly TtlPolicy[];
  /** Replaces the group's policy. */
  enable(policy: TtlPolicy): void;
  disable(policy: TtlPolicy): void;
}

/** @param changed is given all policies whenever they change, to be kept */
export function makeTtlPolicies(
  kept: readonly TtlPolicy[] = [],
  changed: (policies: readonly TtlPolicy[]) => void = () => undefined,
): TtlPolicies {
  const policies = new Map(kept.map((policy) => [keyOf(policy), policy]));
  const all = () => [...policies.values()];
  return {
    all,
    enable(policy) {
      policies.set(keyOf(policy), policy);
      changed(all());
    },
    disable(policy) {
      if (!hasField(policies.get(keyOf(policy)), policy.field)) return;
      policies.delete(keyOf(policy));
      changed(all());
    },
  };
}

export function hasField(policy: TtlPolicy | undefined, field: FieldPath): boolean {
  return policy !== undefined && formatFieldPath(policy.field) === formatFieldPath(field);
}

function keyOf({ database, collectionGroup }: TtlPolicy): string {
  return `${database}/${collectionGroup}`;
}
