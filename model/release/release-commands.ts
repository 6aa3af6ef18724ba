import { readFileSync } from 'node:fs';
import { commonConfig, loadConfig } from '../../shared/config.ts';
import { messageOf } from '../../shared/errors.ts';
import type { TrainRequest } from '../../shared/events.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';
import { type CommandResult, type ModelCommand, type OptionValues, UsageError } from '../model-command.ts';
import { historyTable } from './history-table.ts';
import type { Ledger } from './ledger.ts';
import type { ModelRecord } from './model-record.ts';
import type { Release } from './release.ts';
import { releaseConfig } from './release-config.ts';

const LOCAL = '.nextclick/local.env';

interface Tools {
  readonly ledger: Ledger;
  readonly release: Release;
  readonly publisher: Publisher;
}

/**
 * Runs a command with a ledger and releases of the project that the environment names. Google's clients are loaded here,
 * so that other commands do not wait for them.
 */
async function withTools<T>(values: OptionValues, run: (tools: Tools) => Promise<T>): Promise<T> {
  if (values.local) adoptLocalEnvironment();
  const [{ Firestore }, { makeFirestoreLedger }, { openRelease }, { makePubSubPublisher }] =
    await Promise.all([
      import('@google-cloud/firestore'),
      import('./firestore-ledger.ts'),
      import('./open-release.ts'),
      import('../../shared/pubsub-publisher.ts'),
    ]);
  const config = loadConfig({
    GOOGLE_CLOUD_PROJECT: commonConfig.GOOGLE_CLOUD_PROJECT.describe(
      'The Google Cloud project, for example my-shop; or give --local for what npm start runs on this machine.',
    ),
    ...releaseConfig,
  });
  const project = config.GOOGLE_CLOUD_PROJECT;
  const firestore = new Firestore({ projectId: project });
  try {
    const ledger = makeFirestoreLedger(firestore);
    const release = openRelease({ project, ledger, config });
    return await run({ ledger, release, publisher: makePubSubPublisher({ projectId: project }) });
  } finally {
    await firestore.terminate();
  }
}

/** The variables that a running `npm start` has written down. */
function adoptLocalEnvironment(): void {
  let text: string;
  try {
    text = readFileSync(LOCAL, 'utf8');
  } catch (cause) {
    throw new UsageError(`--local finds no ${LOCAL}: run npm start first (${messageOf(cause)})`, { cause });
  }
  for (const [, name, value] of text.matchAll(/^export (\w+)=(.*)$/gm))
    if (name !== undefined) process.env[name] = value;
}

/** Makes a model live, then has recent visitors' lists made anew by it. */
function moving(
  values: OptionValues,
  move: (release: Release) => Promise<ModelRecord>,
): Promise<CommandResult> {
  const days = Number(values['refresh-days']);
  if (!Number.isInteger(days) || days < 0 || days > 90)
    throw new UsageError(`--refresh-days ${values['refresh-days']} is no whole number from 0 to 90.`);
  return withTools(values, async ({ release, publisher }) => {
    const record = await move(release);
    const { model_version, live_at } = record;
    const request: TrainRequest = { model_version, refresh_days: days };
    await publisher.publish(TOPICS.trainRequests, [request]);
    const lists =
      days > 0 ? `; visitors of the last ${days === 1 ? 'day' : `${days} days`} get new lists` : '';
    return { json: record, text: `${model_version} is live since ${live_at}${lists}\n` };
  });
}

export const historyCommand: ModelCommand = {
  usage: 'history [--local]',
  summary: 'lists the models that were trained, how they were judged and what became of them',
  run: (values) =>
    withTools(values, async ({ ledger }) => {
      const models = await ledger.list();
      return { json: { models }, text: historyTable(models) };
    }),
};

export const promoteCommand: ModelCommand = {
  usage: 'promote [--version VERSION] [--refresh-days 1] [--local]',
  summary: 'gives the canary, or the version named, all traffic',
  run: async (values) => moving(values, (release) => release.promote(values.version)),
};

export const rollbackCommand: ModelCommand = {
  usage: 'rollback [--refresh-days 1] [--local]',
  summary: 'withdraws the canary where there is one, else brings back the model that was live before',
  run: async (values) => moving(values, (release) => release.rollback()),
};
