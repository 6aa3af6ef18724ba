declare module 'autocannon' {
  /** The part of autocannon 9 that the benchmarks use. */
  function autocannon(options: {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration?: number;
    /** Requests, in place of seconds. */
    readonly amount?: number;
    /** Requests a second over all connections; latencies are counted from when each was due. */
    readonly overallRate?: number;
    readonly requests: readonly {
      readonly method: 'GET' | 'POST';
      readonly path: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }[];
  }): Promise<{
    readonly latency: {
      readonly p50: number;
      readonly p90: number;
      readonly p99: number;
      readonly max: number;
    };
    readonly requests: { readonly average: number; readonly total: number };
    readonly '2xx': number;
    readonly non2xx: number;
    readonly errors: number;
    readonly timeouts: number;
  }>;
  export = autocannon;
}
