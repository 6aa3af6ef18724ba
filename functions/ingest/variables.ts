import { z } from 'zod';
import { count, flag, milliseconds } from '../../shared/config.ts';
import { ADDRESS_POLICIES } from './client-address.ts';
import { OriginList, SourceList } from './sources.ts';

/** What ingest reads from its environment, beside what all functions do. */
export const ingestVariables = {
  WRITE_KEYS: SourceList.describe(
    'Keys that clients send, comma-separated; two at once while a key is changed. For example k1,k2; or as JSON by source, {"web":{"keys":["k1","k2"],"origins":["https://shop.example"]},"server":{"keys":["k3"]}}.',
  ),
  ALLOWED_ORIGINS: OriginList.prefault('*').describe(
    'Origins of pages that may send and read answers where a source names none, comma-separated, or *. For example https://shop.example.',
  ),
  CLIENT_ADDRESS: z
    .enum(ADDRESS_POLICIES)
    .default('truncated')
    .describe('What becomes of the address of clients: full, truncated (24 bits, 48 of IPv6) or none.'),
  TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe(
      'Proxies of yours in front of this service: 0 for its own URL, 1 behind a Google load balancer.',
    ),
  MAX_BODY_BYTES: count(2 * 1024 * 1024).describe('Bytes of one request, inflated.'),
  MAX_EVENTS_PER_REQUEST: count(2_500).describe('Events in one request.'),
  MAX_IN_FLIGHT_BYTES: count(24 * 1024 * 1024).describe(
    'Bytes of requests held at a time, beyond which clients are told to come again. Parsed they take some eight times as much.',
  ),
  MAX_IN_FLIGHT_REQUESTS: count(1_000).describe('Requests held at a time.'),
  ACK_TIMEOUT_MS: milliseconds(4_000).describe(
    'How long a client waits for durability; below the 5 s after which trackers give up by themselves.',
  ),
  BODY_TIMEOUT_MS: milliseconds(15_000).describe('How long a client may take to send its body.'),
  DEVELOPMENT_PAGE: flag(false).describe(
    'Serves a page to try the collector at /, with a write key in it: true on a machine of your own only.',
  ),
  SHUTDOWN_MS: milliseconds(4_000).describe(
    'How long requests in flight are waited for when the process is to end.',
  ),
  PUBLISH_CONCURRENCY: count(4).describe(
    'Publishes that run at a time per topic; requests that wait share the next.',
  ),
};
