import { measureRequests, OPTIONS } from './ingest/measure-requests.ts';
import { REQUESTS } from './ingest/requests.ts';
import { startServers } from './ingest/servers.ts';
import { benchmark } from './tools/benchmark.ts';

await benchmark({
  script: import.meta.url,
  about: `
Events that ingest takes in a second of its processor time against a collector of walkerOS under functions-framework, with the same
requests and the same Pub/Sub; both answer once it has acknowledged every event.`,
  options: { ...OPTIONS, warm: [500, OPTIONS.warm[1]] },
  async measure(bench) {
    const servers = await startServers('../walkeros/walkeros-function.ts', 'walkeros');
    try {
      for (const each of REQUESTS.filter(({ request: { path } }) => path === '/v1/events')) {
        const rounds = await measureRequests(bench, servers, each);
        bench.tell({
          name: `ingest against walkerOS, ${each.name}`,
          unit: 'events/s of processor time',
          against: 'collector of @walkeros/collector, publishing by @google-cloud/pubsub',
          rounds,
          aim: 1,
          better: 'more',
        });
      }
    } finally {
      servers.close();
    }
  },
});
