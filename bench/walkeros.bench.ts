import { loadByProcessor } from './ingest/load-by-processor.ts';
import { REQUESTS } from './ingest/requests.ts';
import { startServers } from './ingest/servers.ts';
import { benchmark } from './tools/benchmark.ts';

await benchmark({
  script: import.meta.url,
  about: `
Events that ingest takes in a second of its processor time against a collector of walkerOS under functions-framework, with the same
requests and the same Pub/Sub; both answer once it has acknowledged every event.`,
  options: { seconds: [2, 'of each round, after as long to warm up'] },
  async measure({ values: { seconds }, inTurns, tell }) {
    const { ingest, peer, close } = await startServers('../walkeros/walkeros-function.ts', 'walkeros');
    try {
      for (const { name, events, request } of REQUESTS.filter(
        ({ request: { path } }) => path === '/v1/events',
      )) {
        const rounds = await inTurns(
          async () => events * (await loadByProcessor(ingest, request, seconds)),
          async () => events * (await loadByProcessor(peer, request, seconds)),
          1,
        );
        tell({
          name: `ingest against walkerOS, ${name}`,
          unit: 'events/s of processor time',
          against: 'collector of @walkeros/collector, publishing by @google-cloud/pubsub',
          rounds,
          aim: 1,
          better: 'more',
        });
      }
    } finally {
      close();
    }
  },
});
