import { messageOf } from '../../shared/errors.ts';
import { type Faults, makeFaults } from '../faults/faults.ts';
import { STATUS_CODES } from '../status-codes.ts';
import { type ModelProcess, startModelProcess } from './model-process.ts';
import type { Registry } from './registry.ts';
import { CODE, type DeployedModel, type Endpoint, VertexError } from './resources.ts';

/** Vertex AI's cap on a request and on a response, in bytes. */
const MAX_BYTES = 1_500_000;

/** What the handlers, gRPC and REST, are given. */
export interface VertexBackend {
  readonly registry: Registry;
  /** Of predictions; the method is `Predict`. */
  readonly faults: Faults;
  /** Starts the model and resolves once it is healthy. A key `0` in the split stands for the model being deployed. */
  deploy(
    endpoint: string,
    model: string,
    displayName: string,
    trafficSplit: Readonly<Record<string, number>>,
    id?: string,
  ): Promise<DeployedModel>;
  undeploy(
    endpoint: string,
    deployedModelId: string,
    trafficSplit: Readonly<Record<string, number>>,
  ): Promise<void>;
  /** Body in, body out, with the id of the deployed model that answered. */
  predict(
    endpoint: string,
    body: string,
  ): Promise<{ readonly body: string; readonly deployedModelId: string }>;
  /**
   * Starts the models that a kept registry says are deployed. One that does not become healthy, such as an artifact of
   * another release, is undeployed; what had its traffic goes to the first that is left.
   * @returns a line for a person about each that was undeployed
   */
  resume(): Promise<readonly string[]>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface VertexBackendOptions {
  readonly registry: Registry;
  readonly env: Readonly<Record<string, string>>;
  readonly server?: string;
  readonly random?: () => number;
}

export function makeVertexBackend({
  registry,
  env,
  server,
  random = Math.random,
}: VertexBackendOptions): VertexBackend {
  const processes = new Map<string, ModelProcess>();
  const faults = makeFaults({
    toError: (status, message) => new VertexError(STATUS_CODES[status].code, message),
  });

  const launch = async (deployed: DeployedModel): Promise<void> => {
    const { artifactUri, containerSpec } = registry.models.get(
      `${deployed.model}@${deployed.modelVersionId}`,
    );
    const name = `model ${deployed.id}`;
    const options = { name, artifactUri, containerSpec, env, ...(server === undefined ? {} : { server }) };
    processes.set(deployed.id, await startModelProcess(options));
  };
  const stop = async (id: string): Promise<void> => {
    const running = processes.get(id);
    processes.delete(id);
    await running?.stop();
  };
  const stopAll = async (): Promise<void> => {
    await Promise.all([...processes.keys()].map(stop));
  };
  const giveUp = (endpointName: string, id: string): void => {
    const { trafficSplit, deployedModels } = registry.endpoint(endpointName);
    const heir = deployedModels.find((each) => each.id !== id);
    const { [id]: share = 0, ...others } = trafficSplit;
    if (share > 0 && heir)
      registry.split(endpointName, { ...others, [heir.id]: (others[heir.id] ?? 0) + share });
    registry.detach(endpointName, id);
  };
  const choose = ({ name, trafficSplit, deployedModels }: Endpoint): string => {
    let ticket = random() * 100;
    for (const [id, share] of Object.entries(trafficSplit)) {
      ticket -= share;
      if (ticket < 0) return id;
    }
    const [first] = deployedModels;
    if (first) return first.id;
    throw new VertexError(CODE.FAILED_PRECONDITION, `The Endpoint "${name}" doesn't have a deployed model.`);
  };

  return {
    registry,
    faults,
    async deploy(endpointName, model, displayName, trafficSplit, id = registry.nextId()) {
      registry.endpoint(endpointName);
      const { name, versionId } = registry.models.get(model);
      const deployed: DeployedModel = { id, model: name, modelVersionId: versionId, displayName };
      await launch(deployed);
      const { deployedModels } = registry.attach(endpointName, deployed);
      const split = Object.fromEntries(
        Object.entries(trafficSplit).map(([key, share]) => [key === '0' ? id : key, share]),
      );
      if (Object.keys(split).length > 0) registry.split(endpointName, split);
      else if (deployedModels.length === 1) registry.split(endpointName, { [id]: 100 });
      return deployed;
    },
    async undeploy(endpointName, id, trafficSplit) {
      if (Object.keys(trafficSplit).length > 0) registry.split(endpointName, trafficSplit);
      registry.detach(endpointName, id);
      await stop(id);
    },
    async predict(endpointName, body) {
      const reset = await faults.strike('Predict');
      if (Buffer.byteLength(body) > MAX_BYTES) {
        throw new VertexError(CODE.INVALID_ARGUMENT, `The request exceeds ${MAX_BYTES} bytes.`);
      }
      const deployedModelId = choose(registry.endpoint(endpointName));
      const running = processes.get(deployedModelId);
      if (!running)
        throw new VertexError(CODE.UNAVAILABLE, `The deployed model ${deployedModelId} is starting.`);
      const answer = await running.predict(body);
      if (Buffer.byteLength(answer) > MAX_BYTES) {
        throw new VertexError(CODE.INVALID_ARGUMENT, `The response exceeds ${MAX_BYTES} bytes.`);
      }
      if (reset) throw new VertexError(CODE.UNAVAILABLE, 'A fault was injected: the answer was lost.');
      return { body: answer, deployedModelId };
    },
    async resume() {
      const kept = registry
        .allEndpoints()
        .flatMap(({ name, deployedModels }) => deployedModels.map((deployed) => ({ name, deployed })));
      const outcomes = await Promise.allSettled(kept.map(({ deployed }) => launch(deployed)));
      return kept.flatMap(({ name, deployed }, at) => {
        const outcome = outcomes[at];
        if (outcome?.status !== 'rejected') return [];
        giveUp(name, deployed.id);
        return [
          `The kept model ${deployed.displayName} is undeployed from ${name}: train anew. ${messageOf(outcome.reason)}`,
        ];
      });
    },
    async reset() {
      await stopAll();
      registry.clear();
      faults.set([]);
    },
    close: stopAll,
  };
}
