import { ConfigError } from '../shared/errors.ts';
import { measureRequests, OPTIONS } from './ingest/measure-requests.ts';
import { REQUESTS } from './ingest/requests.ts';
import { startServers } from './ingest/servers.ts';
import { benchmark } from './tools/benchmark.ts';

await benchmark({
  script: import.meta.url,
  about: `
Events that ingest takes, each answered after Pub/Sub has acknowledged it, against a bare functions-framework handler that
parses the same body: by second of the serving process's processor time, so that whatever else the machine does does not enter.`,
  options: { ...OPTIONS, only: ['', `one of: ${REQUESTS.map(({ name }) => name).join(', ')}`] },
  async measure(bench) {
    const { only } = bench.values;
    const chosen = REQUESTS.filter(({ name }) => only === '' || name === only);
    if (chosen.length === 0) throw new ConfigError(`there are no requests "${only}"; see --help`);
    const servers = await startServers('bare-function.ts', 'bare');
    try {
      for (const each of chosen) {
        const { name, aim, request } = each;
        const rounds = await measureRequests(bench, servers, each);
        bench.tell({
          name: `ingest, ${name}`,
          unit: 'events/s of processor time',
          against: `bare functions-framework handler, ${request.body.length} bytes a request`,
          rounds,
          aim,
          better: 'more',
        });
      }
    } finally {
      servers.close();
    }
  },
});
