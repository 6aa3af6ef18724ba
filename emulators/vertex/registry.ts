import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CODE, type DeployedModel, type Endpoint, type Model, VertexError } from './resources.ts';

/** Models and endpoints by resource name. */
export interface Registry {
  addModel(parent: string, model: Omit<Model, 'name' | 'versionId'>, id?: string): Model;
  /** @throws VertexError NOT_FOUND */
  model(name: string): Model;
  models(parent: string): readonly Model[];
  removeModel(name: string): void;
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
  models: Model[];
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
  const find = <T extends { readonly name: string }>(kind: string, list: readonly T[], name: string): T => {
    const found = list.find((each) => each.name === name);
    if (!found) throw new VertexError(CODE.NOT_FOUND, `The ${kind} "${name}" does not exist.`);
    return found;
  };
  const endpoint = (name: string): Endpoint => find('Endpoint', state.endpoints, name);
  const replace = (changed: Endpoint): Endpoint => {
    state.endpoints = state.endpoints.map((each) => (each.name === changed.name ? changed : each));
    save();
    return changed;
  };
  const within = (parent: string) => (each: { readonly name: string }) => each.name.startsWith(`${parent}/`);

  return {
    nextId,
    addModel(parent, fields, id = nextId()) {
      const model: Model = { ...fields, name: `${parent}/models/${id}`, versionId: '1' };
      state.models = [...state.models.filter(({ name }) => name !== model.name), model];
      save();
      return model;
    },
    model: (name) => find('Model', state.models, name.replace(/@.*$/, '')),
    models: (parent) => state.models.filter(within(parent)),
    removeModel(name) {
      const model = find('Model', state.models, name);
      const used = state.endpoints.find(({ deployedModels }) =>
        deployedModels.some((each) => each.model === name),
      );
      if (used) {
        throw new VertexError(
          CODE.FAILED_PRECONDITION,
          `The Model "${name}" is deployed to "${used.name}"; undeploy it first.`,
        );
      }
      state.models = state.models.filter((each) => each !== model);
      save();
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
    endpoints: (parent) => state.endpoints.filter(within(parent)),
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
