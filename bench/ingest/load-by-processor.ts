import autocannon from 'autocannon';
import type { MeasuredProcess } from '../tools/measured-process.ts';
import type { IngestRequest } from './requests.ts';

const CONNECTIONS = 64;

/**
 * Requests that a process answers in a second of its processor time, asked as fast as it answers.
 * @throws Error where a request fails, or none is answered
 */
export async function loadByProcessor(
  { url, cpuSeconds }: MeasuredProcess,
  request: IngestRequest,
  seconds: number,
): Promise<number> {
  const before = await cpuSeconds();
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, requests: [request] });
  const cpu = (await cpuSeconds()) - before;
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} requests to ${url} failed`);
  if (result['2xx'] === 0) throw new Error(`${url} answered nothing in ${seconds} s`);
  return result['2xx'] / cpu;
}
