import type { CircuitBreaker } from './circuit-breaker.ts';

/** A circuit breaker for each endpoint. */
export interface Breakers {
  /** Runs the call as that endpoint's breaker does. */
  run<T>(call: () => Promise<T>, endpoint: string): Promise<T>;
}

/** An endpoint that fails, such as one that an experiment tries, does not have the others left alone. */
export function makeBreakers(make: () => CircuitBreaker): Breakers {
  const breakers = new Map<string, CircuitBreaker>();
  return {
    run(call, endpoint) {
      const breaker = breakers.get(endpoint) ?? make();
      breakers.set(endpoint, breaker);
      return breaker.run(call);
    },
  };
}
