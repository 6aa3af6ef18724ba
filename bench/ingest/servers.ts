import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../emulators/processes/ports.ts';
import { type MeasuredProcess, startMeasured } from '../tools/measured-process.ts';
import { WRITE_KEY } from './requests.ts';

/** Ingest, and what it is held against, over one Pub/Sub that acknowledges whatever is published. */
export interface Servers {
  readonly ingest: MeasuredProcess;
  readonly peer: MeasuredProcess;
  close(): void;
}

/** @param source of the peer's function, as seen from `bench/tools/` */
export async function startServers(source: string, target: string): Promise<Servers> {
  const pubsub = fork(fileURLToPath(new URL('pubsub.ts', import.meta.url)), { stdio: 'inherit' });
  const [pubsubPort] = await once(pubsub, 'message');
  const [ingestPort = 0, peerPort = 0] = await freePorts(2);
  const env = {
    GOOGLE_CLOUD_PROJECT: 'demo-bench',
    METADATA_SERVER_DETECTION: 'none',
    PUBSUB_EMULATOR_HOST: `127.0.0.1:${pubsubPort}`,
  };
  const ingest = await startMeasured('../../functions/ingest/index.ts', 'ingest', ingestPort, {
    ...env,
    WRITE_KEYS: WRITE_KEY,
  });
  const peer = await startMeasured(source, target, peerPort, env);
  return {
    ingest,
    peer,
    close: () => {
      ingest.close();
      peer.close();
      pubsub.disconnect();
    },
  };
}
