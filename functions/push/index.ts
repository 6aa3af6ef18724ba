import { setTimeout as sleep } from 'node:timers/promises';
import { Firestore } from '@google-cloud/firestore';
import { cloudEvent } from '@google-cloud/functions-framework';
import { z } from 'zod';
import { batchFunction, route } from '../../shared/batch-function.ts';
import { count, flag, milliseconds } from '../../shared/config.ts';
import { Recommendation } from '../../shared/events.ts';
import { makeFirestoreCatalog } from '../../shared/firestore-catalog.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { makeFcmSender } from './fcm-sender.ts';
import { makeFirestoreDevices } from './firestore-devices.ts';
import { makeFirestoreRecommendations } from './firestore-recommendations.ts';
import { makePush } from './push.ts';
import { type MessageSender, makeSendMessages } from './send-messages.ts';
import { makeUpdateScreens } from './update-screens.ts';

const DAY = 24 * 60 * 60 * 1000;

const { config, identity, project, publisher, log } = functionTools('push', {
  PUSH_FCM: flag(true).describe('Whether devices are messaged by FCM. Without mobile apps: false.'),
  PUSH_WINDOW_MS: milliseconds(60 * 60 * 1000).describe(
    'A visitor is messaged at most once in this time. Milliseconds.',
  ),
  PUSH_MAX_AGE_MS: milliseconds(5 * 60 * 1000).describe(
    'A trigger older than this causes no message. Milliseconds.',
  ),
  PUSH_MESSAGE_TTL_MS: milliseconds(60 * 60 * 1000).describe(
    'How long FCM keeps a message for a device that is off. Milliseconds.',
  ),
  PUSH_FCM_DEADLINE_MS: milliseconds(10_000).describe(
    'How long one batch tries to message devices before it gives up. Milliseconds.',
  ),
  PUSH_DEVICES_TTL_MS: milliseconds(5 * 60 * 1000).describe(
    'How long a visitor known to have no device is not looked up again. Milliseconds.',
  ),
  PUSH_KEEP_MS: milliseconds(30 * DAY).describe(
    'How long recommendations stay without newer ones, before their TTL. Milliseconds.',
  ),
  PUSH_CATALOG_TTL_MS: milliseconds(60_000).describe('How long a product read is reused. Milliseconds.'),
  PUSH_GROUP: count(300).describe('Visitors written together, at most.'),
  FCM_EMULATOR_HOST: z
    .url({ protocol: /^http$/ })
    .optional()
    .describe('An FCM emulator, for example http://127.0.0.1:9095; unset for the real one.'),
});

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
let fcm: Promise<MessageSender> | undefined;
const sender: MessageSender = {
  async send(messages) {
    fcm ??= loadFcm();
    return (await fcm).send(messages);
  },
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
    sender,
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
    { identity, project, publisher, log },
  ),
);
