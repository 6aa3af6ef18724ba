import { randomBytes } from 'node:crypto';
import type { Plain } from '../../protos.ts';
import type { Backend } from '../backend.ts';
import { checkedName } from '../names.ts';
import { CODE, invalid, PubSubError } from '../pubsub-error.ts';
import type { Handlers } from './handler.ts';

/** What a resource has that nobody has given a policy. */
const NO_POLICY: Plain = { etag: Buffer.from('ACAB', 'base64') };

/** By the name of what they are for. */
export type Policies = Map<string, Plain>;

/**
 * google.iam.v1.IAMPolicy for topics, subscriptions and snapshots: policies are kept as long as the process lives, and
 * bind nobody, since nobody has an identity here.
 * @param policies from which the owner takes those of what is deleted
 */
export function makeIam(backend: Backend, policies: Policies): Handlers {
  const policyOf = (name: string): Plain => policies.get(name) ?? NO_POLICY;

  /** @throws PubSubError INVALID_ARGUMENT, NOT_FOUND */
  function existing(resource: unknown): string {
    const name = String(resource ?? '');
    const collection = name.split('/')[2];
    if (collection === 'topics') return backend.topic(checkedName(collection, name)).name;
    if (collection === 'subscriptions') return backend.subscription(checkedName(collection, name)).name;
    if (collection === 'snapshots') return backend.snapshot(checkedName(collection, name)).name;
    throw invalid(`"${name}" has no policy: topics, subscriptions and snapshots have.`);
  }

  return {
    GetIamPolicy: ({ resource }) => policyOf(existing(resource)),
    SetIamPolicy({ resource, policy }) {
      const name = existing(resource);
      const { etag, ...rest } = (policy ?? {}) as Plain;
      const read = Buffer.from((etag ?? []) as Uint8Array);
      if (read.length > 0 && !read.equals(policyOf(name).etag as Buffer)) {
        throw new PubSubError(
          CODE.ABORTED,
          `The policy of "${name}" was changed since it was read: read it again, and change that.`,
        );
      }
      const changed = { ...rest, etag: randomBytes(8) };
      policies.set(name, changed);
      return changed;
    },
    TestIamPermissions({ resource, permissions }) {
      existing(resource);
      return { permissions: permissions ?? [] };
    },
  };
}
