import type { RestRoute } from '../../transcoding/routes.ts';

/** Pub/Sub has a policy read by GET too, which is said in the service's configuration, not in its protos. */
export function withPoliciesByGet(routes: readonly RestRoute[]): readonly RestRoute[] {
  const reading = routes.filter(({ method }) => method === 'GetIamPolicy');
  return [...routes, ...reading.map((route): RestRoute => ({ ...route, verb: 'get' }))];
}
