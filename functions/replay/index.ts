import { cloudEvent } from '@google-cloud/functions-framework';
import { batchFunction, route } from '../../shared/batch-function.ts';
import { makeBigQuery } from '../../shared/bigquery.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { BUCKETS, bucketName, TOPICS } from '../../shared/pipeline.ts';
import { makeBigQueryFailedEvents } from './bigquery-failed-events.ts';
import { makeGcsPayloadReader } from './gcs-payload-reader.ts';
import { makeReplay } from './replay.ts';
import { makeReplayRoute } from './replay-route.ts';
import { replayVariables } from './variables.ts';

const { config, identity, project, log, publisher, tracer } = functionTools('replay', replayVariables);

const replay = makeReplay({
  failedEvents: makeBigQueryFailedEvents({
    bigquery: makeBigQuery(project),
    project,
    dataset: config.DATASET,
  }),
  payloads: makeGcsPayloadReader(
    openCloudStorage({ projectId: project }),
    bucketName(project, BUCKETS.quarantine),
  ),
  publisher,
  clock: Date.now,
});
const requests = makeReplayRoute({ replay, publisher, runMs: config.RUN_MS, clock: Date.now });

cloudEvent(
  'replay',
  batchFunction({ [TOPICS.replayRequests]: route(requests) }, { identity, project, publisher, log, tracer }),
);
