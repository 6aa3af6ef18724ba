import { setTimeout as sleep } from 'node:timers/promises';
import { Firestore } from '@google-cloud/firestore';
import { cloudEvent } from '@google-cloud/functions-framework';
import { batchFunction, route } from '../../shared/batch-function.ts';
import { Recommendation } from '../../shared/events.ts';
import { makeFirestoreCatalog } from '../../shared/firestore-catalog.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { makeFcmSender } from './fcm-sender.ts';
import { makeFirestoreDevices } from './firestore-devices.ts';
import { makeFirestoreRecommendations } from './firestore-recommendations.ts';
import { makeLazySender } from './lazy-sender.ts';
import { makePush } from './push.ts';
import { type MessageSender, makeSendMessages } from './send-messages.ts';
import { makeUpdateScreens } from './update-screens.ts';
import { pushVariables } from './variables.ts';

const { config, identity, project, publisher, log, tracer } = functionTools('push', pushVariables);

const firestore = new Firestore({ projectId: project });
const devices = config.PUSH_FCM
  ? makeFirestoreDevices(firestore, {
      absentTtlMs: config.PUSH_DEVICES_TTL_MS,
      maxEntries: 50_000,
      clock: Date.now,
    })
  : undefined;

/** Loaded when the first message is to be sent: a shop without apps never waits for it. */
const loadFcm = async (): Promise<MessageSender> => {
  const { makeMessaging } = await import('./fcm-app.ts');
  return makeFcmSender(makeMessaging(project, config.FCM_EMULATOR_HOST), {
    collapseKey: 'recommendations',
    ttlMs: config.PUSH_MESSAGE_TTL_MS,
    clock: Date.now,
  });
};

const push = makePush({
  updateScreens: makeUpdateScreens({
    screens: makeFirestoreRecommendations(firestore),
    devices,
    catalog: makeFirestoreCatalog(firestore, { ttlMs: config.PUSH_CATALOG_TTL_MS, maxEntries: 20_000 }),
    log,
    clock: Date.now,
    keepMs: config.PUSH_KEEP_MS,
    windowMs: config.PUSH_WINDOW_MS,
    maxAgeMs: config.PUSH_MAX_AGE_MS,
    maxRounds: 5,
  }),
  sendMessages: makeSendMessages({
    sender: makeLazySender(loadFcm),
    devices: devices ?? { remove: async () => undefined },
    clock: Date.now,
    sleep,
    random: Math.random,
    maxAttempts: 4,
    minBackoffMs: 500,
    deadlineMs: config.PUSH_FCM_DEADLINE_MS,
  }),
  maxGroup: config.PUSH_GROUP,
  concurrency: 2,
});

cloudEvent(
  'push',
  batchFunction(
    { [TOPICS.recommendations]: route({ schema: Recommendation, handle: push }) },
    { identity, project, publisher, log, tracer },
  ),
);
