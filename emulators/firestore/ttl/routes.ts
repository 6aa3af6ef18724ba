import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Backend } from '../backend.ts';
import { formatFieldPath, parseFieldPath } from '../field-paths.ts';
import { hasField, type TtlPolicies, type TtlPolicy } from './policies.ts';
import { sweep } from './sweep.ts';

const FIELDS = '/v1/projects/:project/databases/:database/collectionGroups/:group/fields';
const OPERATION = 'type.googleapis.com/google.firestore.admin.v1.FieldOperationMetadata';
const FIELD = 'type.googleapis.com/google.firestore.admin.v1.Field';

const FieldBody = z.object({ ttlConfig: z.object({}).optional() });

/**
 * TTL policies, as `gcloud firestore fields ttls` and the Admin API set them, at once; and `POST /_emulator/ttl/sweep`, which
 * does not wait for the next sweep. https://cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.collectionGroups.fields
 */
export function makeTtlRoutes(backend: Backend, policies: TtlPolicies): Hono {
  const app = new Hono();
  const of = (database: string) => policies.all().filter((policy) => policy.database === database);

  app.get(FIELDS, (context) => {
    const { database, collectionGroup } = addressed(context);
    const everywhere = collectionGroup === '__default__' || collectionGroup === '-';
    const found = of(database).filter((policy) => everywhere || policy.collectionGroup === collectionGroup);
    return context.json({ fields: found.map((policy) => resource(policy, true)) });
  });

  app.get(`${FIELDS}/:field`, (context) => {
    const policy = addressed(context);
    return context.json(
      resource(
        policy,
        of(policy.database).some((each) => same(each, policy)),
      ),
    );
  });

  app.patch(`${FIELDS}/:field`, async (context) => {
    const body = FieldBody.safeParse(await context.req.json());
    const mask = context.req.query('updateMask') ?? 'ttlConfig';
    if (!body.success || mask !== 'ttlConfig') {
      const message = 'Of a field, this emulator knows ttlConfig alone: it needs no indexes.';
      return context.json({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }, 400);
    }
    const policy = addressed(context);
    const enabled = body.data.ttlConfig !== undefined;
    if (enabled) policies.enable(policy);
    else policies.disable(policy);
    return context.json({
      name: `${policy.database}/operations/ttl-${policy.collectionGroup}`,
      metadata: { '@type': OPERATION, field: resource(policy, enabled).name, state: 'SUCCESSFUL' },
      done: true,
      response: { '@type': FIELD, ...resource(policy, enabled) },
    });
  });

  app.post('/_emulator/ttl/sweep', async (context) =>
    context.json({ deleted: await sweep(backend, policies.all(), backend.now()) }),
  );
  return app;
}

function same(a: TtlPolicy, b: TtlPolicy): boolean {
  return a.collectionGroup === b.collectionGroup && hasField(a, b.field);
}

/** What a request's path names. */
function addressed(context: Context): TtlPolicy {
  const { project, database, group = '', field } = context.req.param();
  return {
    database: `projects/${project}/databases/${database}`,
    collectionGroup: group,
    field: field === undefined ? [] : parseFieldPath(field),
  };
}

function resource(policy: TtlPolicy, enabled: boolean): { readonly name: string } {
  const { database, collectionGroup, field } = policy;
  const name = `${database}/collectionGroups/${collectionGroup}/fields/${formatFieldPath(field)}`;
  return enabled ? { name, ...{ ttlConfig: { state: 'ACTIVE' } } } : { name };
}
