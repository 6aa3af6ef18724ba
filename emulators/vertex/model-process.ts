import { fileURLToPath } from 'node:url';
import { startChild } from '../processes/child.ts';
import { freePort } from '../processes/ports.ts';
import { CODE, type ContainerSpec, VertexError } from './resources.ts';

const SERVER = fileURLToPath(new URL('../../model/server.ts', import.meta.url));
const HEALTH_ROUTE = '/health';
const PREDICT_ROUTE = '/predict';

/** A deployed model: a process that keeps the contract of Vertex AI's custom prediction containers. */
export interface ModelProcess {
  /**
   * Posts a body to the predict route; answers the response's body.
   * @throws VertexError UNAVAILABLE while the process is down, INVALID_ARGUMENT where it answers 4xx.
   */
  predict(body: string): Promise<string>;
  stop(): Promise<void>;
}

export interface ModelProcessOptions {
  readonly name: string;
  readonly artifactUri: string;
  readonly containerSpec: ContainerSpec;
  readonly env: Readonly<Record<string, string>>;
  /** The program run in place of the container's image. */
  readonly server?: string;
  readonly timeoutMs?: number;
}

/**
 * Starts `model/server.ts` as Vertex AI starts the container, and resolves once its health route says 200.
 * https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements
 * @throws VertexError FAILED_PRECONDITION with its last words, where it does not become healthy.
 */
export async function startModelProcess(options: ModelProcessOptions): Promise<ModelProcess> {
  const { containerSpec, timeoutMs = 60_000 } = options;
  const healthRoute = containerSpec.healthRoute || HEALTH_ROUTE;
  const predictRoute = containerSpec.predictRoute || PREDICT_ROUTE;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const words: string[] = [];
  const child = startChild({
    name: options.name,
    args: [options.server ?? SERVER],
    env: {
      ...options.env,
      ...Object.fromEntries((containerSpec.env ?? []).map(({ name, value }) => [name, value])),
      AIP_HTTP_PORT: String(port),
      AIP_HEALTH_ROUTE: healthRoute,
      AIP_PREDICT_ROUTE: predictRoute,
      AIP_STORAGE_URI: options.artifactUri,
    },
    restart: true,
    onLine: (line) => {
      words.push(line);
      if (words.length > 10) words.shift();
    },
  });
  const deadline = Date.now() + timeoutMs;
  while (!(await healthy(`${url}${healthRoute}`))) {
    if (child.restarts() >= 3 || Date.now() > deadline) {
      await child.stop();
      const last = words.join('\n');
      throw new VertexError(
        CODE.FAILED_PRECONDITION,
        `Model server never became ready; its last words:\n${last}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return {
    async predict(body) {
      let response: Response;
      try {
        const headers = { 'content-type': 'application/json' };
        response = await fetch(`${url}${predictRoute}`, { method: 'POST', headers, body });
      } catch (error) {
        throw new VertexError(CODE.UNAVAILABLE, `The model server does not answer: ${String(error)}`);
      }
      const text = await response.text();
      if (response.ok) return text;
      const code = response.status < 500 ? CODE.INVALID_ARGUMENT : CODE.UNAVAILABLE;
      throw new VertexError(code, `The model server answered ${response.status}: ${text.slice(0, 1000)}`);
    },
    stop: () => child.stop(),
  };
}

async function healthy(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
