import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { Bucket } from '@google-cloud/storage';
import { z } from 'zod';
import type { TrainingSession } from '../../model/session.ts';
import { messageOf, TransientError } from '../../shared/errors.ts';

/** A row of `infra/bigquery/training/sessions.sql` as BigQuery exports it: INT64 as text. */
const Row = z.object({
  clicks: z.array(
    z.object({
      item_id: z.string(),
      event_name: z.string(),
      at_ms: z.coerce.number(),
      category: z.string().nullish(),
    }),
  ),
});

/**
 * Sessions from the gzipped shards below a prefix, shard by shard, a line in memory at a time.
 * @throws TransientError where a shard cannot be read
 */
export async function* readShards(bucket: Bucket, prefix: string): AsyncGenerator<TrainingSession> {
  try {
    const [files] = await bucket.getFiles({ prefix });
    for (const file of files) {
      const content = file.createReadStream({ decompress: false });
      const text = content.pipe(createGunzip());
      content.on('error', (error) => text.destroy(error));
      for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY }))
        if (line !== '') yield sessionOf(line);
    }
  } catch (cause) {
    throw new TransientError(`the sessions in ${bucket.name}/${prefix} cannot be read: ${messageOf(cause)}`, {
      cause,
    });
  }
}

function sessionOf(line: string): TrainingSession {
  const { clicks } = Row.parse(JSON.parse(line));
  return {
    items: clicks.map(({ item_id }) => item_id),
    events: clicks.map(({ event_name }) => event_name),
    times: clicks.map(({ at_ms }) => at_ms),
    ...(clicks.some(({ category }) => category) && {
      categories: clicks.map(({ category }) => category ?? ''),
    }),
  };
}
