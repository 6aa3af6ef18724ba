import { randomUUID } from 'node:crypto';
import type { Plain, Protos } from '../../protos.ts';
import { CODE, VertexError } from '../resources.ts';

/** Long-running operations: https://google.aip.dev/151 */
export interface Operations {
  /** Runs the work and answers its operation at once; the result shows when it is polled. */
  start(parent: string, responseType: string, work: () => Promise<Plain>): Plain;
  /** @throws VertexError NOT_FOUND */
  get(name: string): Plain;
}

const KEPT = 1000;

export function makeOperations(protos: Protos): Operations {
  const operations = new Map<string, Plain>();
  return {
    start(parent, responseType, work) {
      const name = `${parent}/operations/${randomUUID()}`;
      const oldest = operations.keys().next().value;
      if (operations.size >= KEPT && oldest !== undefined) operations.delete(oldest);
      const pending = { name, done: false };
      operations.set(name, pending);
      work().then(
        (response) =>
          operations.set(name, { name, done: true, response: protos.any(responseType, response) }),
        (error: unknown) => {
          const code = error instanceof VertexError ? error.code : CODE.INTERNAL;
          const message = error instanceof Error ? error.message : String(error);
          operations.set(name, { name, done: true, error: { code, message } });
        },
      );
      return pending;
    },
    get(name) {
      const operation = operations.get(name);
      if (!operation) throw new VertexError(CODE.NOT_FOUND, `The operation "${name}" does not exist.`);
      return operation;
    },
  };
}
