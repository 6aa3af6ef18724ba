import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ModelStore, makeModelStore } from './models.ts';
import { CODE, type DeployedModel, type Endpoint, type Model, VertexError } from './resources.ts';

/** Models and endpoints by resource name. */
export interface Registry {
  /** Removing a version that is deployed is refused with FAILED_PRECONDITION. */
  readonly models: ModelStore;
  addEndpoint(parent: string, displayName: string, id?: string): Endpoint;
  /** @throws VertexError NOT_FOUND */
  endpoint(name: string): Endpoint;
  endpoints(parent: string): readonly Endpoint[];
  allEndpoints(): readonly Endpoint[];
  removeEndpoint(name: string): void;
  /** @throws VertexError INVALID_ARGUMENT where the split does not sum to 100 over deployed models. */
  split(endpoint: string, trafficSplit: Readonly<Record<string, number>>): Endpoint;
  attach(endpoint: string, deployed: DeployedModel): Endpoint;
  detach(endpoint: string, deployedModelId: string): Endpoint;
  /** An id no resource has yet: digits, as Vertex gives them. */
  nextId(): string;
  clear(): void;
}

interface State {
  next: number;
  models: readonly Model[];
  endpoints: Endpoint[];
}

/** A registry, kept in a file where one is named. */
export function makeRegistry(file?: string): Registry {
  let state: State =
    file !== undefined && existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as State)
      : { next: 1_000_001, models: [], endpoints: [] };
  const save = (): void => {
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(state));
  };
  const nextId = (): string => {
    state.next += 1;
    save();
    return String(state.next);
  };
  const endpoint = (name: string): Endpoint => {
    const found = state.endpoints.find((each) => each.name === name);
    if (!found) throw new VertexError(CODE.NOT_FOUND, `The Endpoint "${name}" does not exist.`);
    return found;
  };
  const replace = (changed: Endpoint): Endpoint => {
    state.endpoints = state.endpoints.map((each) => (each.name === changed.name ? changed : each));
    save();
    return changed;
  };
  const models = makeModelStore({
    read: () => state.models,
    write: (changed) => {
      state.models = changed;
      save();
    },
    nextId,
    clock: Date.now,
  });
  const refuseIfDeployed = (name: string, versionId?: string): void => {
    const used = state.endpoints.find(({ deployedModels }) =>
      deployedModels.some(
        (each) => each.model === name && (versionId === undefined || each.modelVersionId === versionId),
      ),
    );
    if (!used) return;
    throw new VertexError(
      CODE.FAILED_PRECONDITION,
      `The Model "${name}" is deployed to "${used.name}"; undeploy it first.`,
    );
  };

  return {
    nextId,
    models: {
      ...models,
      remove(name) {
        refuseIfDeployed(name);
        models.remove(name);
      },
      removeVersion(name) {
        const { name: model, versionId } = models.get(name);
        refuseIfDeployed(model, versionId);
        models.removeVersion(name);
      },
    },
    addEndpoint(parent, displayName, id = nextId()) {
      const added: Endpoint = {
        name: `${parent}/endpoints/${id}`,
        displayName,
        deployedModels: [],
        trafficSplit: {},
      };
      state.endpoints = [...state.endpoints, added];
      save();
      return added;
    },
    endpoint,
    endpoints: (parent) => state.endpoints.filter(({ name }) => name.startsWith(`${parent}/`)),
    allEndpoints: () => state.endpoints,
    removeEndpoint(name) {
      const { deployedModels } = endpoint(name);
      if (deployedModels.length > 0) {
        throw new VertexError(
          CODE.FAILED_PRECONDITION,
          `The Endpoint "${name}" still has deployed models; undeploy them first.`,
        );
      }
      state.endpoints = state.endpoints.filter((each) => each.name !== name);
      save();
    },
    split(name, trafficSplit) {
      const current = endpoint(name);
      const ids = Object.keys(trafficSplit);
      const stranger = ids.find((id) => !current.deployedModels.some((each) => each.id === id));
      const sum = Object.values(trafficSplit).reduce((total, share) => total + share, 0);
      if (stranger !== undefined || (ids.length > 0 && sum !== 100)) {
        const problem = stranger === undefined ? `it sums to ${sum}` : `"${stranger}" is not deployed`;
        throw new VertexError(
          CODE.INVALID_ARGUMENT,
          `traffic_split must give 100 percent to deployed models: ${problem}.`,
        );
      }
      return replace({ ...current, trafficSplit });
    },
    attach(name, deployed) {
      const current = endpoint(name);
      return replace({ ...current, deployedModels: [...current.deployedModels, deployed] });
    },
    detach(name, id) {
      const current = endpoint(name);
      if (!current.deployedModels.some((each) => each.id === id)) {
        throw new VertexError(CODE.NOT_FOUND, `The Endpoint "${name}" has no deployed model "${id}".`);
      }
      const { [id]: share = 0, ...others } = current.trafficSplit;
      if (share > 0 && Object.keys(others).length > 0) {
        throw new VertexError(
          CODE.FAILED_PRECONDITION,
          `The deployed model "${id}" still gets ${share} percent of traffic; move it first.`,
        );
      }
      return replace({
        ...current,
        deployedModels: current.deployedModels.filter((each) => each.id !== id),
        trafficSplit: others,
      });
    },
    clear() {
      state = { next: state.next, models: [], endpoints: [] };
      save();
    },
  };
}
