import { invalid } from './pubsub-error.ts';

export type Collection = 'topics' | 'subscriptions' | 'snapshots';

const PROJECT = /^projects\/([^/]+)$/;
const ID = /^(?!goog)[A-Za-z][\w.~+%-]{2,254}$/;

/** What stands for a topic that is gone, in the subscriptions it leaves. */
export const DELETED_TOPIC = '_deleted-topic_';

/**
 * Checks `projects/P/COLLECTION/ID`.
 * https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names
 * @throws PubSubError INVALID_ARGUMENT
 */
export function checkedName(collection: Collection, name: unknown): string {
  const text = String(name ?? '');
  const [projects, project, kind, id, more] = text.split('/');
  if (
    projects !== 'projects' ||
    !project ||
    kind !== collection ||
    more !== undefined ||
    !ID.test(id ?? '')
  ) {
    throw invalid(
      `Invalid [${collection}] name: (name=${text}); it is projects/PROJECT/${collection}/ID, where ID begins with a letter, is 3 to 255 characters of letters, digits and -_.~+% long, and does not begin with "goog".`,
    );
  }
  return text;
}

/**
 * Checks `projects/P`.
 * @throws PubSubError INVALID_ARGUMENT
 */
export function checkedProject(name: unknown): string {
  const text = String(name ?? '');
  if (!PROJECT.test(text)) throw invalid(`Invalid project name: "${text}"; it is projects/PROJECT.`);
  return text;
}

/** `projects/P/…` → `projects/P`. */
export function projectOf(name: string): string {
  return name.split('/', 2).join('/');
}

/** The last part of a name. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
