/**
 * A model server for tests: predicts, for each instance, the instance itself and the artifact it was started on. It fails
 * on the artifact that REFUSED_ARTIFACT names.
 */
import { createServer } from 'node:http';

if (process.env.AIP_STORAGE_URI === process.env.REFUSED_ARTIFACT)
  throw new Error('this artifact is of another release');

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === process.env.AIP_HEALTH_ROUTE) {
      response.end();
      return;
    }
    const { instances } = JSON.parse(Buffer.concat(chunks).toString()) as { instances: unknown[] };
    const predictions = instances.map((echo) => ({ echo, artifact: process.env.AIP_STORAGE_URI }));
    response.end(JSON.stringify({ predictions }));
  });
}).listen(Number(process.env.AIP_HTTP_PORT), '127.0.0.1');
