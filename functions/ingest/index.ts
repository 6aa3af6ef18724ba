import { cloudEvent, http } from '@google-cloud/functions-framework';
import { batchFunction, type MessagePublishedData, route } from '../../shared/batch-function.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { makeAdmission } from './admission.ts';
import { makeCors } from './cors.ts';
import { makeDevelopment } from './development/development.ts';
import { makeObserver } from './development/observer.ts';
import { makeEventLog } from './event-log.ts';
import { makeHttpHandler } from './http-handler.ts';
import { makeInbox } from './inbox.ts';
import { makeIngest } from './ingest.ts';
import { makeMeter } from './meter.ts';
import { PROTOCOLS } from './protocols/protocols.ts';
import { serveDirectly } from './serve-directly.ts';
import { makeFindSource } from './sources.ts';
import { servedTarget } from './target.ts';
import { endInOrder } from './termination.ts';
import { ingestVariables } from './variables.ts';

function serveIngest(): void {
  const { config, identity, log, publisher, tracer } = functionTools('ingest', ingestVariables);
  let stopping = false;
  const meter = makeMeter(log);
  const observer = makeObserver();
  const writeKey = config.WRITE_KEYS[0]?.keys[0] ?? '';
  const ingest = makeIngest({
    identity,
    development: config.DEVELOPMENT_PAGE
      ? makeDevelopment({ protocols: PROTOCOLS, writeKey, observer })
      : undefined,
    protocols: PROTOCOLS,
    findSource: makeFindSource(config.WRITE_KEYS),
    eventLog: makeEventLog({ publisher, concurrency: config.PUBLISH_CONCURRENCY }),
    admission: makeAdmission({
      maxBytes: config.MAX_IN_FLIGHT_BYTES,
      maxRequests: config.MAX_IN_FLIGHT_REQUESTS,
    }),
    cors: makeCors(config.ALLOWED_ORIGINS, config.WRITE_KEYS),
    meter,
    log,
    tracer,
    client: { trustedProxies: config.TRUSTED_PROXIES, address: config.CLIENT_ADDRESS },
    maxBodyBytes: config.MAX_BODY_BYTES,
    maxEvents: config.MAX_EVENTS_PER_REQUEST,
    ackMs: config.ACK_TIMEOUT_MS,
    stopping: () => stopping,
  });
  const handler = makeHttpHandler({ ingest, log, bodyTimeoutMs: config.BODY_TIMEOUT_MS });
  serveDirectly((request, response) => void handler.handle(request, response));
  endInOrder(
    async () => {
      stopping = true;
      observer.close();
      await handler.idle();
      meter.flush();
      await tracer.flush();
    },
    { limitMs: config.SHUTDOWN_MS, log },
  );
  http('ingest', handler.handle);
}

function serveInbox(): void {
  const { identity, project, log, publisher, tracer } = functionTools('inbox', {});
  const inbox = route(makeInbox({ identity, publisher }));
  cloudEvent<MessagePublishedData>(
    'inbox',
    batchFunction({ [TOPICS.inbox]: inbox }, { identity, project, publisher, log, tracer }),
  );
}

if (servedTarget() === 'inbox') serveInbox();
else serveIngest();
