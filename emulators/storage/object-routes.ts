import type { Context, Hono } from 'hono';
import { download } from './download.ts';
import { listPage } from './listing.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { checkPreconditions, parsePreconditions } from './preconditions.ts';
import { baseOf, jsonOf, pathPart } from './request.ts';
import { fieldsOf, mergePatch, objectResource } from './resources.ts';
import { invalid, StorageError } from './storage-error.ts';

/** Objects: https://cloud.google.com/storage/docs/json_api/v1/objects. `root` is the path above `/b`. */
export function addObjectRoutes(app: Hono, root: string, store: ObjectStore): void {
  const path = `${root}/b/:bucket/o/:object`;
  app.get(`${root}/b/:bucket/o`, (c) => c.json(list(c, store)));
  app.get(path, async (c) => {
    const object = named(c, store);
    if (!isWanted(c, object)) return c.body(null, 304);
    if (c.req.query('alt') === 'media' || root.startsWith('/download')) return download(c, store, object);
    return c.json(objectResource(object, baseOf(c)));
  });
  app.patch(path, async (c) => {
    const object = named(c, store);
    const fields = fieldsOf(mergePatch({ ...object.fields }, await jsonOf(c)));
    const updated = await store.update(object, fields, parsePreconditions(c.req.query()));
    return c.json(objectResource(updated, baseOf(c)));
  });
  app.put(path, async (c) => {
    const updated = await store.update(
      named(c, store),
      fieldsOf(await jsonOf(c)),
      parsePreconditions(c.req.query()),
    );
    return c.json(objectResource(updated, baseOf(c)));
  });
  app.delete(path, async (c) => {
    await store.delete(named(c, store), parsePreconditions(c.req.query()));
    return c.body(null, 204);
  });
}

/** The object a request names. */
function named(c: Context, store: ObjectStore): StoredObject {
  return store.object(pathPart(c, 'bucket'), pathPart(c, 'object'), c.req.query('generation'));
}

/** Whether a reader's conditions hold. @throws StorageError 412 where a "match" does not. */
function isWanted(c: Context, object: StoredObject): boolean {
  const { ifGenerationNotMatch, ifMetagenerationNotMatch, ...match } = parsePreconditions(c.req.query());
  checkPreconditions(match, object);
  try {
    checkPreconditions(
      {
        ...(ifGenerationNotMatch === undefined ? {} : { ifGenerationNotMatch }),
        ...(ifMetagenerationNotMatch === undefined ? {} : { ifMetagenerationNotMatch }),
      },
      object,
    );
    return true;
  } catch (error) {
    if (error instanceof StorageError) return false;
    throw error;
  }
}

function list(c: Context, store: ObjectStore): object {
  const bucket = pathPart(c, 'bucket');
  const query = c.req.query();
  const maxResults = query.maxResults === undefined ? undefined : Number(query.maxResults);
  if (maxResults !== undefined && !(Number.isInteger(maxResults) && maxResults > 0))
    throw invalid(`Invalid value "${query.maxResults}" for the parameter maxResults.`);
  const page = listPage(store.names(bucket), {
    prefix: query.prefix,
    delimiter: query.delimiter,
    startOffset: query.startOffset,
    endOffset: query.endOffset,
    includeTrailingDelimiter: query.includeTrailingDelimiter === 'true',
    maxResults,
    pageToken: query.pageToken || undefined,
  });
  return {
    kind: 'storage#objects',
    ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
    ...(page.prefixes.length === 0 ? {} : { prefixes: page.prefixes }),
    items: page.names.map((name) => objectResource(store.object(bucket, name), baseOf(c))),
  };
}
