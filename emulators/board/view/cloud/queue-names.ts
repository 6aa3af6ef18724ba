import { FUNCTIONS, subscriptionName, topicsOf } from '../../../../shared/pipeline.ts';

/** A subscription as Pub/Sub lists it. */
export interface ListedSubscription {
  /** `projects/P/subscriptions/S`. */
  readonly name: string;
  /** `projects/P/topics/T`. */
  readonly topic: string;
  /** Where it pushes to. */
  readonly endpoint: string;
}

/**
 * The pipeline's own names of the subscriptions that Eventarc made, by their ids: told by topic and by the service that they push
 * to, `https://SERVICE-….run.app/…`.
 */
export function queueNames(subscriptions: readonly ListedSubscription[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, topic, endpoint } of subscriptions) {
    const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : '';
    const spec = FUNCTIONS.filter((each) => host.startsWith(`${each.name}-`)).find((each) =>
      topicsOf(each).some((own) => topic.endsWith(`/topics/${own}`)),
    );
    const own = spec && topicsOf(spec).find((each) => topic.endsWith(`/topics/${each}`));
    if (spec && own) names.set(last(name), subscriptionName(spec, own));
  }
  return names;
}

function last(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
