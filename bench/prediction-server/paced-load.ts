import { Agent, request } from 'node:http';
import { quantilesOf } from '../../model/latency.ts';
import type { PredictCall } from './predict-calls.ts';

const TICK_MS = 1;

/** What came of a load. */
export interface Load {
  /** Answered in a second. */
  readonly rate: number;
  /** Not answered, or not with 200. */
  readonly failed: number;
  /** Milliseconds from when each request was due to the end of its answer. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/**
 * Sends requests at even distances, whatever becomes of those before: a server that falls behind is waited for, and the
 * waiting counts. (autocannon's overallRate sends a second's requests at the second's start.)
 */
export async function loadAtRate(
  url: string,
  calls: readonly PredictCall[],
  { rate, seconds, connections }: { rate: number; seconds: number; connections: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const all = Math.round(rate * seconds);
  const latencies: number[] = [];
  let failed = 0;
  let sent = 0;
  const began = performance.now();
  await new Promise<void>((resolve) => {
    const settle = (due: number, succeeded: boolean): void => {
      if (succeeded) latencies.push(performance.now() - due);
      else failed++;
      if (latencies.length + failed === all) resolve();
    };
    const send = (due: number): void => {
      const call = calls[sent % calls.length];
      if (!call) throw new Error('there is nothing to ask');
      const { method, path, headers, body } = call;
      const length = { 'content-length': Buffer.byteLength(body) };
      const sending = request(
        url + path,
        { method, agent, headers: { ...headers, ...length } },
        (response) => {
          response.resume();
          response.once('end', () => settle(due, response.statusCode === 200));
        },
      );
      sending.once('error', () => settle(due, false));
      sending.end(body);
    };
    const timer = setInterval(() => {
      const now = performance.now();
      for (; sent < all; sent++) {
        const due = began + (sent * 1000) / rate;
        if (due > now) return;
        send(due);
      }
      clearInterval(timer);
    }, TICK_MS);
  });
  const taken = (performance.now() - began) / 1000;
  agent.destroy();
  return { rate: Math.round(latencies.length / taken), failed, ...rounded(quantilesOf(latencies)) };
}

function rounded({ p50, p90, p99 }: { p50: number; p90: number; p99: number }) {
  const twoPlaces = (value: number): number => Number(value.toFixed(2));
  return { p50: twoPlaces(p50), p90: twoPlaces(p90), p99: twoPlaces(p99) };
}
