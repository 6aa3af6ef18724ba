import type { Hono } from 'hono';
import type { ObjectStore } from './object-store.ts';
import { baseOf, jsonOf, pathPart } from './request.ts';
import { bucketResource, mergePatch } from './resources.ts';
import { invalid } from './storage-error.ts';

/** Buckets: https://cloud.google.com/storage/docs/json_api/v1/buckets. `root` is the path above `/b`. */
export function addBucketRoutes(app: Hono, root: string, store: ObjectStore): void {
  app.post(`${root}/b`, async (c) => {
    const { name, ...fields } = await jsonOf(c);
    if (typeof name !== 'string') throw invalid('Required parameter: name');
    return c.json(bucketResource(await store.createBucket(name, fields), baseOf(c)));
  });
  app.get(`${root}/b`, (c) => {
    const prefix = c.req.query('prefix') ?? '';
    const buckets = store.buckets().filter(({ name }) => name.startsWith(prefix));
    return c.json({
      kind: 'storage#buckets',
      items: buckets.map((bucket) => bucketResource(bucket, baseOf(c))),
    });
  });
  app.get(`${root}/b/:bucket`, (c) => c.json(bucketResource(store.bucket(pathPart(c, 'bucket')), baseOf(c))));
  app.patch(`${root}/b/:bucket`, async (c) => {
    const name = pathPart(c, 'bucket');
    const fields = mergePatch(store.bucket(name).fields, await jsonOf(c));
    return c.json(bucketResource(await store.updateBucket(name, fields), baseOf(c)));
  });
  app.put(`${root}/b/:bucket`, async (c) => {
    const bucket = await store.updateBucket(pathPart(c, 'bucket'), await jsonOf(c));
    return c.json(bucketResource(bucket, baseOf(c)));
  });
  app.delete(`${root}/b/:bucket`, async (c) => {
    await store.deleteBucket(pathPart(c, 'bucket'));
    return c.body(null, 204);
  });
}
