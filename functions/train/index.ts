import { Firestore } from '@google-cloud/firestore';
import { cloudEvent } from '@google-cloud/functions-framework';
import { z } from 'zod';
import { writeArtifact } from '../../model/artifact.ts';
import { buildModel } from '../../model/build.ts';
import { batchFunction, type MessagePublishedData, route } from '../../shared/batch-function.ts';
import { makeBigQuery } from '../../shared/bigquery.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import { count } from '../../shared/config.ts';
import { TrainRequest } from '../../shared/events.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { BUCKETS, bucketName, DATASET, ENDPOINT, TOPICS } from '../../shared/pipeline.ts';
import { makeBigQueryWarehouse } from './bigquery-warehouse.ts';
import { makeFirestoreCurrent } from './firestore-current.ts';
import { makeGcsArtifacts } from './gcs-artifacts.ts';
import { makeRefresh } from './refresh.ts';
import { makeTrain } from './train.ts';
import { makeVertexServing } from './vertex-serving.ts';

const { config, identity, project, log, publisher } = functionTools('train', {
  VERTEX_LOCATION: z
    .string()
    .min(1)
    .default('us-central1')
    .describe('Region of the endpoint, as europe-west1.'),
  MODEL_IMAGE: z
    .string()
    .min(1)
    .describe(
      'Image of the model server, built from model/Dockerfile, as europe-west1-docker.pkg.dev/my-shop/nextclick/model:1.',
    ),
  MACHINE_TYPE: z
    .string()
    .min(1)
    .default('n1-standard-2')
    .describe('Machine that a replica of the model runs on.'),
  MAX_REPLICAS: count(3).describe('Replicas of the model at most.'),
  TRAINING_DAYS: count(90).describe('Days of clicks to learn from.'),
  TRAINING_CLICKS: count(5_000_000).describe('Clicks to learn from at most; the newest are taken.'),
  REFRESH_VISITORS: count(50_000).describe('Visitors to recommend for anew after a deploy, at most.'),
});

const warehouse = makeBigQueryWarehouse({
  bigquery: makeBigQuery(project),
  dataset: DATASET,
  days: config.TRAINING_DAYS,
  maxClicks: config.TRAINING_CLICKS,
  maxVisitors: config.REFRESH_VISITORS,
});
const train = makeTrain({
  warehouse,
  build: (sessions, version) => buildModel(sessions, { version }),
  store: writeArtifact,
  artifacts: makeGcsArtifacts(openCloudStorage({ projectId: project }), bucketName(project, BUCKETS.models)),
  serving: makeVertexServing({
    project,
    location: config.VERTEX_LOCATION,
    endpoint: ENDPOINT,
    image: config.MODEL_IMAGE,
    machineType: config.MACHINE_TYPE,
    maxReplicas: config.MAX_REPLICAS,
  }),
  current: makeFirestoreCurrent(new Firestore({ projectId: project })),
  refresh: makeRefresh({ warehouse, publisher, clock: Date.now }),
  clock: Date.now,
});

cloudEvent<MessagePublishedData>(
  'train',
  batchFunction(
    { [TOPICS.trainRequests]: route({ schema: TrainRequest, handle: train }) },
    { identity, project, publisher, log },
  ),
);
