import { CODE, type Model, type ModelFields, VertexError } from './resources.ts';

/** Versions are known by these beside their aliases; the one called so is meant by a bare name. */
const DEFAULT = 'default';
/** https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.models/upload */
const MODEL_ID = /^[a-z_][a-z0-9_-]{0,62}$/;
const ALIAS = /^[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]$/;

/** How an upload is filed. */
export interface Filing {
  /** Id of a new model; digits where none is given. */
  readonly id?: string | undefined;
  /** Resource name of the model that gets a new version. */
  readonly parentModel?: string | undefined;
}

/** The Model Registry: models, each with its versions, oldest first. */
export interface ModelStore {
  /** @throws VertexError INVALID_ARGUMENT, NOT_FOUND (the parent model) or ALREADY_EXISTS */
  add(parent: string, fields: ModelFields, filing: Filing): Model;
  /** A version by `…/models/ID`, `…/models/ID@version` or `…/models/ID@alias`. @throws VertexError NOT_FOUND */
  get(name: string): Model;
  /** The default version of each model. */
  list(parent: string): readonly Model[];
  /** Newest first, as Vertex AI lists them. @throws VertexError NOT_FOUND */
  versions(name: string): readonly Model[];
  /** Adds aliases to a version, taking them from others; `-alias` takes one off. */
  mergeAliases(name: string, aliases: readonly string[]): Model;
  remove(name: string): void;
  removeVersion(name: string): void;
}

export interface ModelStoreOptions {
  readonly read: () => readonly Model[];
  readonly write: (models: readonly Model[]) => void;
  readonly nextId: () => string;
  readonly clock: () => number;
}

export function makeModelStore({ read, write, nextId, clock }: ModelStoreOptions): ModelStore {
  const versionsOf = (name: string): readonly Model[] => {
    const found = read().filter((each) => each.name === name);
    if (found.length === 0) throw new VertexError(CODE.NOT_FOUND, `The Model "${name}" does not exist.`);
    return found;
  };
  const get = (reference: string): Model => {
    const [name = '', version = DEFAULT] = reference.split('@');
    const found = versionsOf(name).find(
      ({ versionId, versionAliases }) => versionId === version || versionAliases.includes(version),
    );
    if (found) return found;
    throw new VertexError(CODE.NOT_FOUND, `The Model "${name}" has no version "${version}".`);
  };
  const replace = (model: Model, versionAliases: readonly string[]): Model => {
    const changed = { ...model, versionAliases };
    const without = read().map((each) => {
      if (each === model) return changed;
      if (each.name !== model.name) return each;
      return {
        ...each,
        versionAliases: each.versionAliases.filter((alias) => !versionAliases.includes(alias)),
      };
    });
    write(without);
    return changed;
  };

  return {
    get,
    add(parent, fields, { id, parentModel }) {
      for (const alias of fields.versionAliases) checkAlias(alias);
      if (parentModel === undefined && id !== undefined && !MODEL_ID.test(id)) {
        throw new VertexError(CODE.INVALID_ARGUMENT, `The model id "${id}" must match ${MODEL_ID.source}.`);
      }
      const name = parentModel?.split('@')[0] ?? `${parent}/models/${id ?? nextId()}`;
      const before =
        parentModel === undefined ? read().filter((each) => each.name === name) : versionsOf(name);
      if (parentModel === undefined && before.length > 0) {
        throw new VertexError(
          CODE.ALREADY_EXISTS,
          `The Model "${name}" exists; name it as parent_model to add a version.`,
        );
      }
      const newest = before.at(-1);
      const added: Model = {
        ...fields,
        versionAliases: [],
        name,
        versionId: String(Number(newest?.versionId ?? 0) + 1),
        versionCreateTime: { seconds: Math.floor(clock() / 1000), nanos: (clock() % 1000) * 1e6 },
      };
      write([...read(), added]);
      const first = newest === undefined ? [DEFAULT] : [];
      return replace(added, [...new Set([...first, ...fields.versionAliases])]);
    },
    list: (parent) =>
      read().filter(
        ({ name, versionAliases }) => name.startsWith(`${parent}/`) && versionAliases.includes(DEFAULT),
      ),
    versions: (name) => versionsOf(name.split('@')[0] ?? '').toReversed(),
    mergeAliases(name, aliases) {
      const model = get(name);
      const removed = aliases.flatMap((alias) => (alias.startsWith('-') ? [alias.slice(1)] : []));
      const added = aliases.filter((alias) => !alias.startsWith('-'));
      for (const alias of added) checkAlias(alias);
      if (removed.includes(DEFAULT)) {
        throw new VertexError(
          CODE.INVALID_ARGUMENT,
          'The alias "default" can only be moved to another version.',
        );
      }
      const kept = model.versionAliases.filter((alias) => !removed.includes(alias));
      return replace(model, [...new Set([...kept, ...added])]);
    },
    remove(name) {
      versionsOf(name);
      write(read().filter((each) => each.name !== name));
    },
    removeVersion(name) {
      const version = get(name);
      if (version.versionAliases.includes(DEFAULT)) {
        throw new VertexError(
          CODE.FAILED_PRECONDITION,
          `The version ${version.versionId} of "${version.name}" is its default; make another the default first.`,
        );
      }
      write(read().filter((each) => each !== version));
    },
  };
}

function checkAlias(alias: string): void {
  if (ALIAS.test(alias)) return;
  throw new VertexError(CODE.INVALID_ARGUMENT, `The version alias "${alias}" must match ${ALIAS.source}.`);
}
