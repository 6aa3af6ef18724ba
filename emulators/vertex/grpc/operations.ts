import { randomUUID } from 'node:crypto';
import type { Plain, Protos } from '../../protos.ts';
import { CODE, VertexError } from '../resources.ts';

/** Long-running operations: https://google.aip.dev/151 */
export interface Operations {
  /** Runs the work and answers its operation at once; the result shows when it is polled. */
  start(parent: string, responseType: string, work: () => Promise<Plain>): Plain;
  /** @throws VertexError NOT_FOUND */
  get(name: string): Plain;
  /** Those of a resource, and of what lies below it. */
  list(parent: string): readonly Plain[];
  /** Forgets the operation; its work goes on. @throws VertexError NOT_FOUND */
  remove(name: string): void;
}

const KEPT = 1000;

export function makeOperations(protos: Protos): Operations {
  const operations = new Map<string, Plain>();
  const get = (name: string): Plain => {
    const operation = operations.get(name);
    if (operation) return operation;
    throw new VertexError(CODE.NOT_FOUND, `The operation "${name}" does not exist.`);
  };
  const settle = (name: string, outcome: Plain): void => {
    if (operations.has(name)) operations.set(name, { name, done: true, ...outcome });
  };
  return {
    start(parent, responseType, work) {
      const name = `${parent}/operations/${randomUUID()}`;
      const oldest = operations.keys().next().value;
      if (operations.size >= KEPT && oldest !== undefined) operations.delete(oldest);
      const pending = { name, done: false };
      operations.set(name, pending);
      work().then(
        (response) => settle(name, { response: protos.any(responseType, response) }),
        (error: unknown) => {
          const code = error instanceof VertexError ? error.code : CODE.INTERNAL;
          const message = error instanceof Error ? error.message : String(error);
          settle(name, { error: { code, message } });
        },
      );
      return pending;
    },
    get,
    list: (parent) => [...operations.values()].filter(({ name }) => String(name).startsWith(`${parent}/`)),
    remove(name) {
      get(name);
      operations.delete(name);
    },
  };
}
