import { z } from 'zod';

/** Variables by which a function judges push tokens itself. */
export const pushGuardVariables = {
  PUSH_AUDIENCE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Audience of the tokens that push requests must carry; unset where the platform judges them, as Cloud Run does. ' +
        'Set it where a function runs elsewhere. Ingest, which is public, does not read it.',
    ),
  PUSH_ACCOUNTS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((each) => each.trim() || []))
    .describe('E-mail addresses of the service accounts whose tokens are taken, with a comma between them.'),
  PUSH_KEYS_URL: z
    .url()
    .default('https://www.googleapis.com/oauth2/v3/certs')
    .describe('Where the keys of the tokens are; a Pub/Sub emulator has its own.'),
};
