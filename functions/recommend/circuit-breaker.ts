import { TransientError } from '../../shared/errors.ts';

export interface CircuitBreaker {
  /**
   * Runs the call while the circuit is closed.
   * @throws TransientError at once while it is open; what the call threw otherwise
   */
  run<T>(call: () => Promise<T>): Promise<T>;
}

export interface CircuitBreakerOptions {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** How long it stays open before one call may try. Milliseconds. */
  readonly openMs: number;
  readonly clock: () => number;
}

/**
 * A circuit breaker (M. Nygard, Release It!): after so many failures in a row callers are refused at once for a while,
 * then one call probes; its success closes the circuit, its failure opens it again.
 */
export function makeCircuitBreaker({ failures, openMs, clock }: CircuitBreakerOptions): CircuitBreaker {
  let inARow = 0;
  let openUntil = 0;
  let probing = false;
  return {
    async run(call) {
      const open = inARow >= failures;
      if (open && (probing || clock() < openUntil)) {
        throw new TransientError(`the circuit is open after ${inARow} failures in a row`);
      }
      if (open) probing = true;
      try {
        const result = await call();
        inARow = 0;
        return result;
      } catch (error) {
        inARow += 1;
        if (inARow >= failures) openUntil = clock() + openMs;
        throw error;
      } finally {
        if (open) probing = false;
      }
    },
  };
}
