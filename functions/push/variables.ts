import { z } from 'zod';
import { count, flag, milliseconds } from '../../shared/config.ts';

const DAY = 24 * 60 * 60 * 1000;

/** What push reads from its environment, beside what all functions do. */
export const pushVariables = {
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
};
