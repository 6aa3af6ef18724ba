import { credentials } from '@grpc/grpc-js';
import type { ClientOptions } from 'google-gax';

/** Points a client at a region of Vertex AI, or at the emulator that `VERTEX_EMULATOR_HOST` (host:port) names. */
export function vertexClientOptions(
  projectId: string,
  location: string,
  emulator = process.env.VERTEX_EMULATOR_HOST,
): ClientOptions {
  if (!emulator) return { projectId, apiEndpoint: `${location}-aiplatform.googleapis.com` };
  const [apiEndpoint = '', port = ''] = emulator.split(':');
  return { projectId, apiEndpoint, port: Number(port), sslCreds: credentials.createInsecure() };
}
