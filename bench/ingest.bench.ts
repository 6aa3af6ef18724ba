import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../emulators/processes/ports.ts';
import { loadByProcessor } from './ingest/load-by-processor.ts';
import { REQUESTS, WRITE_KEY } from './ingest/requests.ts';
import { benchmark } from './tools/benchmark.ts';
import { startMeasured } from './tools/measured-process.ts';

await benchmark({
  script: import.meta.url,
  about: `
Events that ingest takes, each answered after Pub/Sub has acknowledged it, against a bare functions-framework handler that
parses the same body: by second of the serving process's processor time, so that whatever else the machine does does not enter.`,
  options: { seconds: [3, 'of each round, after as long to warm up'] },
  async measure({ values, inTurns, tell }) {
    const pubsub = fork(fileURLToPath(new URL('ingest/pubsub.ts', import.meta.url)), { stdio: 'inherit' });
    const [pubsubPort] = await once(pubsub, 'message');
    const [ingestPort = 0, barePort = 0] = await freePorts(2);
    const ingest = await startMeasured('../../functions/ingest/index.ts', 'ingest', ingestPort, {
      GOOGLE_CLOUD_PROJECT: 'demo-bench',
      METADATA_SERVER_DETECTION: 'none',
      PUBSUB_EMULATOR_HOST: `127.0.0.1:${pubsubPort}`,
      WRITE_KEYS: WRITE_KEY,
    });
    const bare = await startMeasured('bare-function.ts', 'bare', barePort, {});
    try {
      for (const { name, events, aim, request } of REQUESTS) {
        const rounds = await inTurns(
          async () => events * (await loadByProcessor(ingest, request, values.seconds)),
          async () => events * (await loadByProcessor(bare, request, values.seconds)),
          1,
        );
        tell({
          name: `ingest, ${name}`,
          unit: 'events/s of processor time',
          against: `bare functions-framework handler, ${request.body.length} bytes a request`,
          rounds,
          aim,
          better: 'more',
        });
      }
    } finally {
      ingest.close();
      bare.close();
      pubsub.disconnect();
    }
  },
});
