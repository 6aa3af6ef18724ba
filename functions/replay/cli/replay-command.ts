import { randomUUID } from 'node:crypto';
import { makeBigQuery } from '../../../shared/bigquery.ts';
import { openCloudStorage } from '../../../shared/cloud-storage.ts';
import { readCommandLine, tellFailure } from '../../../shared/command-line.ts';
import { commonConfig, loadConfig } from '../../../shared/config.ts';
import { BUCKETS, bucketName } from '../../../shared/pipeline.ts';
import { makePubSubPublisher } from '../../../shared/pubsub-publisher.ts';
import { makeBigQueryFailedEvents } from '../bigquery-failed-events.ts';
import { makeGcsPayloadReader } from '../gcs-payload-reader.ts';
import { makeReplay, type ReplayReport } from '../replay.ts';
import { replayVariables } from '../variables.ts';
import { parseWhere } from '../where.ts';
import { describeReplay } from './describe.ts';
import { loadTransform } from './load-transform.ts';
import { type ReplayCommand, readReplayCommand, USAGE } from './options.ts';

const CALL = 'npm run replay';
const command = readCommandLine(readReplayCommand, CALL);
if (command.help) process.stdout.write(USAGE);
else {
  try {
    await main(command);
  } catch (error) {
    process.exitCode = tellFailure(error, CALL);
  }
}

async function main(command: ReplayCommand): Promise<void> {
  const where = parseWhere(command.where);
  const transform = command.transform === undefined ? undefined : await loadTransform(command.transform);
  const { GOOGLE_CLOUD_PROJECT: project, DATASET: dataset } = loadConfig({
    ...commonConfig,
    ...replayVariables,
  });
  const replay = makeReplay({
    failedEvents: makeBigQueryFailedEvents({ bigquery: makeBigQuery(project), project, dataset }),
    payloads: makeGcsPayloadReader(
      openCloudStorage({ projectId: project }),
      bucketName(project, BUCKETS.quarantine),
    ),
    publisher: makePubSubPublisher({ projectId: project }),
    clock: Date.now,
  });
  const report = await replay({
    ...command,
    transform,
    where,
    replayId: randomUUID(),
    until: new Date().toISOString(),
    onProgress: showProgress,
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  process.stdout.write(
    command.json
      ? `${JSON.stringify({ ...report, dry_run: command.dryRun })}\n`
      : describeReplay(report, command.dryRun),
  );
}

function showProgress({ found, replayed }: ReplayReport): void {
  const line = `${found} looked at, ${replayed} to be published or published`;
  process.stderr.write(process.stderr.isTTY ? `\r${line}` : `${line}\n`);
}
