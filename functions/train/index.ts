import { Firestore } from '@google-cloud/firestore';
import { cloudEvent } from '@google-cloud/functions-framework';

import { z } from 'zod';
import { readArtifact, writeArtifact } from '../../model/artifact.ts';
import { artifactAt } from '../../model/artifact-location.ts';
import { buildModel } from '../../model/build.ts';
import { makeFirestoreLedger } from '../../model/release/firestore-ledger.ts';
import { openRelease, releaseConfig } from '../../model/release/open-release.ts';
import { batchFunction, type MessagePublishedData, route } from '../../shared/batch-function.ts';
import { makeBigQuery } from '../../shared/bigquery.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import { count, flag } from '../../shared/config.ts';
import { TrainRequest } from '../../shared/events.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { BUCKETS, bucketName, DATASET, TOPICS } from '../../shared/pipeline.ts';
import { makeBigQueryTrainingData } from './bigquery-training-data.ts';
import { makeBigQueryVisitors } from './bigquery-visitors.ts';
import { makeChallenger } from './contest.ts';
import { makeGcsArtifacts } from './gcs-artifacts.ts';
import { makeRefresh } from './refresh.ts';
import { makeTrain } from './train.ts';

const { config, identity, project, log, publisher } = functionTools('train', {
  ...releaseConfig,
  MODEL_IMAGE: z
    .string()
    .min(1)
    .describe(
      'Image of the model server, built from model/Dockerfile, as europe-west1-docker.pkg.dev/my-shop/nextclick/model:1.',
    ),
  TRAINING_DAYS: count(90).describe('Days of clicks to learn from.'),
  TRAINING_CLICKS: count(5_000_000).describe('Clicks to learn from, about; the newest days are taken.'),
  TRAINING_SESSIONS_PER_ITEM: count(2000).describe('Newest sessions of each item to learn from.'),
  MAX_CLICKS_PER_DAY: count(1000).describe('Who clicks more on any day is no person, and not learned from.'),
  AUTO_PROMOTE: flag(true).describe(
    'Whether a canary that did well in its trial gets all traffic; else it waits for npm run model -- promote.',
  ),
  REFRESH_VISITORS: count(50_000).describe('Visitors to recommend for anew after a deploy, at most.'),
});

const bigquery = makeBigQuery(project);
const storage = openCloudStorage({ projectId: project });
const bucket = bucketName(project, BUCKETS.models);
const ledger = makeFirestoreLedger(new Firestore({ projectId: project }));
const train = makeTrain({
  warehouse: makeBigQueryTrainingData({
    bigquery,
    storage,
    project,
    dataset: DATASET,
    bucket,
    days: config.TRAINING_DAYS,
    maxClicks: config.TRAINING_CLICKS,
    sessionsPerItem: config.TRAINING_SESSIONS_PER_ITEM,
    maxClicksPerDay: config.MAX_CLICKS_PER_DAY,
    clock: Date.now,
  }),
  challenge: makeChallenger({
    load: async (uri) => readArtifact(await artifactAt(uri)),
    clock: Date.now,
  }),
  build: buildModel,
  store: writeArtifact,
  artifacts: makeGcsArtifacts(storage, bucket),
  ledger,
  release: openRelease({ project, ledger, config }),
  autoPromote: config.AUTO_PROMOTE,
  refresh: makeRefresh({
    warehouse: makeBigQueryVisitors({
      bigquery,
      project,
      dataset: DATASET,
      maxVisitors: config.REFRESH_VISITORS,
      clock: Date.now,
    }),
    publisher,
    clock: Date.now,
  }),
  clock: Date.now,
});

cloudEvent<MessagePublishedData>(
  'train',
  batchFunction(
    { [TOPICS.trainRequests]: route({ schema: TrainRequest, handle: train }) },
    { identity, project, publisher, log },
  ),
);
