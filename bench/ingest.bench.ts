import { loadByProcessor } from './ingest/load-by-processor.ts';
import { REQUESTS } from './ingest/requests.ts';
import { startServers } from './ingest/servers.ts';
import { benchmark } from './tools/benchmark.ts';

await benchmark({
  script: import.meta.url,
  about: `
Events that ingest takes, each answered after Pub/Sub has acknowledged it, against a bare functions-framework handler that
parses the same body: by second of the serving process's processor time, so that whatever else the machine does does not enter.`,
  options: { seconds: [2, 'of each round, after as long to warm up'] },
  async measure({ values: { seconds }, inTurns, tell }) {
    const { ingest, peer, close } = await startServers('bare-function.ts', 'bare');
    try {
      for (const { name, events, aim, request } of REQUESTS) {
        const rounds = await inTurns(
          async () => events * (await loadByProcessor(ingest, request, seconds)),
          async () => events * (await loadByProcessor(peer, request, seconds)),
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
      close();
    }
  },
});
