import { z } from 'zod';
import { VertexError } from './resources.ts';

/** What goes wrong with predictions, on purpose: `POST /_emulator/faults`. An empty object heals. */
export const FaultSettings = z.strictObject({
  /** gRPC code to answer with, such as 14 (UNAVAILABLE) or 8 (RESOURCE_EXHAUSTED). */
  code: z.int().min(1).max(16).optional(),
  /** Share of requests that the code strikes; default all. */
  rate: z.number().min(0).max(1).optional(),
  /** Milliseconds each request waits first. */
  latency_ms: z.int().min(0).max(600_000).optional(),
  /** Never answer. */
  hang: z.boolean().optional(),
});
export type FaultSettings = z.infer<typeof FaultSettings>;

export interface Faults {
  set(settings: FaultSettings): void;
  /** Waits, hangs or throws as set. */
  strike(): Promise<void>;
}

export function makeFaults(random: () => number = Math.random): Faults {
  let settings: FaultSettings = {};
  return {
    set(next) {
      settings = next;
    },
    async strike() {
      const { code, rate = 1, latency_ms = 0, hang } = settings;
      if (hang) await new Promise(() => undefined);
      if (latency_ms > 0) await new Promise((resolve) => setTimeout(resolve, latency_ms));
      if (code !== undefined && random() < rate) throw new VertexError(code, 'A fault was injected.');
    },
  };
}
