/** The least that any correct model server does: parses a predict call and writes as much JSON as an answer has. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const PLACES = 20;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { instances } = JSON.parse(Buffer.concat(chunks).toString()) as {
      readonly instances: readonly { readonly items: readonly { readonly item_id: string }[] }[];
    };
    const predictions = instances.map(({ items }) => ({
      model_version: '20261121T093000Z-00000000',
      source: 'model',
      items: Array.from({ length: PLACES }, (_, place) => ({
        item_id: items[place % items.length]?.item_id ?? '',
        score: 1 / (place + 7),
        reason: { kind: 'viewed', item_id: items[0]?.item_id ?? '' },
      })),
    }));
    const body = JSON.stringify({ predictions });
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () =>
  process.send?.({ type: 'ready', port: (server.address() as AddressInfo).port }),
);
