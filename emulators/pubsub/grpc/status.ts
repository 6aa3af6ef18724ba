import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { loadProtos } from '../../protos.ts';
import { CODE, PubSubError } from '../pubsub-error.ts';

const rpc = loadProtos('google-gax/build/protos/status.json');

/** An error as gRPC ends a call with; a reason by ack id goes along as google.rpc.ErrorInfo. */
export function statusOf(error: unknown): ServiceError {
  const details = error instanceof Error ? error.message : String(error);
  const code = error instanceof PubSubError ? error.code : CODE.INTERNAL;
  const metadata = new Metadata();
  if (error instanceof PubSubError && error.info) {
    const info = { reason: 'PERMANENT_FAILURE', domain: 'pubsub.googleapis.com', metadata: error.info };
    const status = rpc.message('google.rpc.Status', {
      code,
      message: details,
      details: [rpc.any('google.rpc.ErrorInfo', info)],
    });
    metadata.set('grpc-status-details-bin', status);
  }
  return Object.assign(new Error(details), { code, details, metadata });
}
