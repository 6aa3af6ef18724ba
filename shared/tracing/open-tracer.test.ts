import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { readOtlp } from '../../emulators/traces/read-otlp.ts';
import { loadConfig } from '../config.ts';
import { makeLogger, silentLogger } from '../log.ts';
import { openTracer } from './open-tracer.ts';
import { tracingVariables } from './variables.ts';

interface Received {
  readonly path: string | undefined;
  readonly header: string | undefined;
  readonly names: readonly string[];
}

let server: Server | undefined;
afterEach(() => server?.close());

/** A collector that answers each request with the next status. */
async function collector(...statuses: readonly number[]) {
  const received: Received[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const spans = readOtlp(Buffer.concat(chunks), request.headers['content-type'] ?? '');
    received.push({
      path: request.url,
      header: request.headers['x-team']?.toString(),
      names: spans.map(({ service, name }) => `${service}: ${name}`),
    });
    response.writeHead(statuses[received.length - 1] ?? 200).end('not now');
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

const config = (environment: Record<string, string>) => loadConfig(tracingVariables, environment);
const resource = { 'service.name': 'enrich' };

it('sends spans in batches to the collector that the environment names, with its headers', async () => {
  const { url, received } = await collector();
  const settings = config({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'X-Team=shop%20one',
  });
  const tracer = openTracer(settings, resource, silentLogger);
  for (let i = 0; i < 600; i += 1) tracer.start(`${i}`, { kind: 'internal' }).end();
  await tracer.settle();
  expect(received.map(({ path, header, names }) => [path, header, names.length])).toEqual([
    ['/v1/traces', 'shop one', 512],
    ['/v1/traces', 'shop one', 88],
  ]);
  expect(received[1]?.names.at(-1)).toBe('enrich: 599');
});

it('loses a batch that is not taken, says so once, and goes on', async () => {
  const { url, received } = await collector(503, 503, 200);
  const lines: string[] = [];
  const log = makeLogger({ write: (line) => lines.push(line) });
  const tracer = openTracer(config({ OTEL_EXPORTER_OTLP_ENDPOINT: url }), resource, log);
  for (const name of ['1', '2', '3']) {
    tracer.start(name, { kind: 'internal' }).end();
    await tracer.settle();
  }
  expect(received).toHaveLength(3);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/1 spans of traces were lost: http:.*answered 503 not now/);
});

it('does nothing where no collector is named, and refuses what is none', () => {
  const tracer = openTracer(config({}), resource, silentLogger);
  expect(tracer.start('x', { kind: 'internal' }).recorded).toBe(false);
  const wrong = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-team=shop,token',
    OTEL_TRACES_SAMPLER_ARG: '2',
  };
  expect(() => config(wrong)).toThrow(
    /OTEL_EXPORTER_OTLP_ENDPOINT[\s\S]*OTEL_EXPORTER_OTLP_HEADERS[\s\S]*header 2 of 2 is no name=value[\s\S]*SAMPLER_ARG/,
  );
});
