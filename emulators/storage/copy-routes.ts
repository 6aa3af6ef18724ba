import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { NewObject, ObjectStore, StoredObject } from './object-store.ts';
import { checkPreconditions, parsePreconditions } from './preconditions.ts';
import { baseOf, jsonOf, pathPart } from './request.ts';
import { fieldsOf, objectResource } from './resources.ts';
import { invalid } from './storage-error.ts';
import { checkName } from './upload-routes.ts';

/** Objects made of others: copies, rewrites, moves and compositions. `root` is the path above `/b`. */
export function addCopyRoutes(app: Hono, root: string, store: ObjectStore): void {
  const source = `${root}/b/:bucket/o/:object`;
  app.post(`${source}/copyTo/b/:toBucket/o/:toObject`, async (c) => {
    const copy = await copyObject(c, store, pathPart(c, 'toBucket'));
    return c.json(objectResource(copy, baseOf(c)));
  });
  app.post(`${source}/rewriteTo/b/:toBucket/o/:toObject`, async (c) => {
    const copy = await copyObject(c, store, pathPart(c, 'toBucket'));
    const size = String(copy.size);
    return c.json({
      kind: 'storage#rewriteResponse',
      totalBytesRewritten: size,
      objectSize: size,
      done: true,
      resource: objectResource(copy, baseOf(c)),
    });
  });
  app.post(`${source}/moveTo/o/:toObject`, async (c) => {
    const from = sourceOf(c, store);
    const moved = await copyObject(c, store, pathPart(c, 'bucket'));
    if (from.name !== moved.name) await store.delete(from, {});
    return c.json(objectResource(moved, baseOf(c)));
  });
  app.post(`${source}/compose`, async (c) => c.json(objectResource(await compose(c, store), baseOf(c))));
}

function sourceOf(c: Context, store: ObjectStore): StoredObject {
  const generation = c.req.query('sourceGeneration');
  const source = store.object(pathPart(c, 'bucket'), pathPart(c, 'object'), generation);
  checkPreconditions(parsePreconditions(c.req.query(), 'ifSource'), source);
  return source;
}

/** A copy takes the source's metadata unless the request brings its own. */
async function copyObject(c: Context, store: ObjectStore, bucket: string): Promise<StoredObject> {
  const source = sourceOf(c, store);
  const name = pathPart(c, 'toObject');
  checkName(name);
  const given = fieldsOf(await jsonOf(c));
  const fields = Object.keys(given).length === 0 ? source.fields : given;
  const { componentCount } = source;
  const conditions = parsePreconditions(c.req.query());
  return build(store, [source], {
    bucket,
    name,
    fields,
    conditions,
    ...(componentCount === undefined ? {} : { componentCount }),
  });
}

const ComposeRequest = z.object({
  sourceObjects: z
    .array(
      z.object({
        name: z.string(),
        generation: z.coerce.string().optional(),
        objectPreconditions: z.object({ ifGenerationMatch: z.coerce.bigint() }).optional(),
      }),
    )
    .min(1)
    .max(32),
  destination: z.unknown().optional(),
});

/** https://cloud.google.com/storage/docs/json_api/v1/objects/compose */
async function compose(c: Context, store: ObjectStore): Promise<StoredObject> {
  const request = ComposeRequest.safeParse(await jsonOf(c));
  if (!request.success) throw invalid('A composition needs 1 to 32 sourceObjects, each with a name.');
  const bucket = pathPart(c, 'bucket');
  const name = pathPart(c, 'object');
  checkName(name);
  const sources = request.data.sourceObjects.map((source) => {
    const object = store.object(bucket, source.name, source.generation);
    checkPreconditions(source.objectPreconditions ?? {}, object);
    return object;
  });
  return build(store, sources, {
    bucket,
    name,
    fields: { contentType: 'application/octet-stream', ...fieldsOf(request.data.destination ?? {}) },
    conditions: parsePreconditions(c.req.query()),
    componentCount: sources.reduce((sum, { componentCount = 1 }) => sum + componentCount, 0),
  });
}

/** Joins the sources' bytes into an object. */
async function build(
  store: ObjectStore,
  sources: readonly StoredObject[],
  target: NewObject,
): Promise<StoredObject> {
  store.bucket(target.bucket);
  const blob = await store.newBlob();
  try {
    for (const source of sources) await blob.append(await store.read(source));
    return await store.put(blob, target);
  } finally {
    await blob.discard();
  }
}
