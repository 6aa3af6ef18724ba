import { gzipSync } from 'node:zlib';
import { BUCKETS, bucketName } from '../../shared/pipeline.ts';
import { readConservation, settled } from '../conservation.ts';
import type { Stores } from '../stores.ts';
import { trainModel } from '../training.ts';
import { makeCatalog } from './catalog.ts';
import { makeRandom } from './random.ts';
import { makeShopper, visit } from './shoppers.ts';

const VISITS = 150;

/** Gives the shop a past of 150 visits, and has the first model trained on it. */
export async function trainOnPast(stores: Stores, project: string, seed: number): Promise<void> {
  const random = makeRandom(seed);
  const products = makeCatalog(seed, 1);
  const events = Array.from({ length: VISITS }, (_, index) => {
    const shopper = makeShopper(random, products, `past-${index % 60}`);
    return [...visit(random, products, shopper, Date.now() - (index + 2) * 3_600_000)];
  }).flat();
  await stores.storage
    .bucket(bucketName(project, BUCKETS.inbox))
    .file('history/native/past.ndjson.gz')
    .save(gzipSync(events.map((event) => JSON.stringify(event)).join('\n')), { resumable: false });
  while (settled(await readConservation(stores)) < events.length) {
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await trainModel(stores, 0);
}
