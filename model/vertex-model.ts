import { fromValue, toValue } from '@google-cloud/aiplatform/build/src/helpers.js';
import { PredictionServiceClient } from '@google-cloud/aiplatform/build/src/v1/prediction_service_client.js';
import { vertexClientOptions } from '../shared/vertex.ts';
import { type InstanceInput, PREDICT_MAX_BYTES, PredictionAnswer } from './protocol.ts';

/** Guards calls to an endpoint; may refuse them while the model there is known to be down. */
export interface CallGuard {
  run<T>(call: () => Promise<T>, endpoint: string): Promise<T>;
}

/** A model that answers from a Vertex AI endpoint. */
export interface VertexModel {
  /**
   * One answer per instance, in order.
   * @throws Error when it does not answer in time
   */
  predict(endpoint: string, instances: readonly InstanceInput[]): Promise<readonly PredictionAnswer[]>;
}

export interface VertexModelOptions {
  readonly project: string;
  readonly location: string;
  /** Deadline of one call, milliseconds; a call that fails is made once more. */
  readonly timeoutMs: number;
  readonly breaker: CallGuard;
}

/** Room for the envelope within the service's cap. */
const MAX_BYTES = PREDICT_MAX_BYTES - 50_000;
/** Instances of one call: so many are answered well within a deadline meant for a shopper who waits. */
const MAX_INSTANCES = 64;
/** A prediction's largest size, roughly, by which a request's answer stays within the cap. */
const BYTES_PER_LISTED = 320;
/** Length of a list where an instance does not say. */
const DEFAULT_LIMIT = 20;
/** The protobuf form of an instance against its JSON: more for each field, at most this. */
const PROTO_PER_JSON = 1.25;

/** The model behind a Vertex AI endpoint: one call per batch, more above 64 instances or the service's 1.5 MB. */
export function makeVertexModel({ project, location, timeoutMs, breaker }: VertexModelOptions): VertexModel {
  const client = new PredictionServiceClient(vertexClientOptions(project, location));
  const call = async (
    endpoint: string,
    instances: readonly InstanceInput[],
  ): Promise<readonly PredictionAnswer[]> => {
    const request = { endpoint, instances: instances.map((instance) => toValue(instance) ?? {}) };
    const [{ predictions }] = await client.predict(request, { timeout: timeoutMs, retry: null });
    const parsed = (predictions ?? []).map((value) =>
      PredictionAnswer.parse(fromValue(value as Parameters<typeof fromValue>[0])),
    );
    if (parsed.length !== instances.length) {
      throw new Error(`the model answered ${parsed.length} predictions to ${instances.length} instances`);
    }
    return parsed;
  };
  const callTwice = async (endpoint: string, instances: readonly InstanceInput[]) => {
    try {
      return await call(endpoint, instances);
    } catch {
      return call(endpoint, instances);
    }
  };
  return {
    async predict(endpoint, instances) {
      const answers: PredictionAnswer[] = [];
      for (const chunk of chunks(instances)) {
        answers.push(...(await breaker.run(() => callTwice(endpoint, chunk), endpoint)));
      }
      return answers;
    },
  };
}

/** Instances in as few calls as the caps allow, each way. */
function chunks(instances: readonly InstanceInput[]): readonly (readonly InstanceInput[])[] {
  const groups: InstanceInput[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const instance of instances) {
    const asked = Buffer.byteLength(JSON.stringify(instance)) * PROTO_PER_JSON;
    const size = Math.max(asked, (instance.limit ?? DEFAULT_LIMIT) * BYTES_PER_LISTED);
    if (bytes + size > MAX_BYTES || groups.at(-1)?.length === MAX_INSTANCES) {
      groups.push([]);
      bytes = 0;
    }
    bytes += size;
    groups.at(-1)?.push(instance);
  }
  return groups;
}
