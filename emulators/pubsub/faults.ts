import { z } from 'zod';
import type { Handler, Handlers } from './handlers/handler.ts';
import { CODE, PubSubError } from './pubsub-error.ts';

const CODES = Object.keys(CODE) as [keyof typeof CODE, ...(keyof typeof CODE)[]];
const Rate = z.number().min(0).max(1);

/** What goes wrong, on purpose: `POST /_emulator/faults`. An empty object heals. */
export const FaultSettings = z.strictObject({
  /** Methods that are struck, such as `Publish` or `Acknowledge`; default all. */
  methods: z.array(z.string()).optional(),
  /** Answered instead of what the method would. */
  code: z.enum(CODES).optional(),
  /** Share of calls that the code strikes; default all. */
  rate: Rate.optional(),
  /** Milliseconds that each call waits first. */
  latency_ms: z.int().min(0).max(600_000).optional(),
  /** Share of messages that are delivered once more although acknowledged; never with exactly-once delivery. */
  duplicates: Rate.optional(),
  /** The next message is drawn among this many that are due, instead of the oldest; order within keys stays. */
  reorder: z.int().min(1).max(100_000).optional(),
});
export type FaultSettings = z.infer<typeof FaultSettings>;

export interface Faults {
  set(settings: FaultSettings): void;
  readonly settings: FaultSettings;
  /** Handlers that suffer what is set. */
  strike(handlers: Handlers): Handlers;
  /** Whether this acknowledged message is to be delivered once more. */
  duplicate(): boolean;
  /** Among how many messages the next is drawn. */
  disorder(): number;
}

export function makeFaults(random: () => number = Math.random): Faults {
  let settings: FaultSettings = {};
  const struck =
    (method: string, handler: Handler): Handler =>
    async (request, signal) => {
      const { methods, code, rate = 1, latency_ms = 0 } = settings;
      if (!methods || methods.includes(method)) {
        if (latency_ms > 0) await new Promise((resolve) => setTimeout(resolve, latency_ms));
        if (code && random() < rate) throw new PubSubError(CODE[code], 'A fault was injected.');
      }
      return handler(request, signal);
    };
  return {
    set(next) {
      settings = next;
    },
    get settings() {
      return settings;
    },
    strike: (handlers) =>
      Object.fromEntries(
        Object.entries(handlers).map(([method, handler]) => [method, struck(method, handler)]),
      ),
    duplicate: () => settings.duplicates !== undefined && random() < settings.duplicates,
    disorder: () => settings.reorder ?? 1,
  };
}
