import { z } from 'zod';
import { releaseConfig } from '../../model/release/release-config.ts';
import { count, flag } from '../../shared/config.ts';

/** What train reads from its environment, beside what all functions do. */
export const trainVariables = {
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
  RELATED_PRODUCTS: z.coerce
    .number()
    .int()
    .min(0)
    .default(5000)
    .describe(
      'Products for which it is written to Firestore what is similar and what goes with them, the most popular first; 0 for none.',
    ),
  REFRESH_VISITORS: count(50_000).describe('Visitors to recommend for anew after a deploy, at most.'),
};
