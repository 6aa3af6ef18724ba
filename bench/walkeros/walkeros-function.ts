import { http } from '@google-cloud/functions-framework';
import { PubSub } from '@google-cloud/pubsub';
import { startFlow } from '@walkeros/collector';

/*
 * A collector as users of walkerOS build one: its collector behind functions-framework, as its source for Google Cloud has it, and a
 * destination that publishes each event to Pub/Sub by the official client. It answers once all of a request's are published.
 */

interface ShopEvent {
  readonly event_id: string;
  readonly event_time: string;
  readonly event_name: string;
  readonly anonymous_id: string;
  readonly session_id: string;
  readonly page: Readonly<Record<string, string>>;
  readonly items: readonly Readonly<Record<string, string | number>>[];
  readonly currency: string;
  readonly properties: Readonly<Record<string, string | boolean>>;
}

const topic = new PubSub({ projectId: process.env.GOOGLE_CLOUD_PROJECT ?? '' }).topic('clickstream-raw');
const { collector } = await startFlow({
  destinations: {
    pubsub: {
      code: {
        type: 'pubsub',
        config: {},
        push: async (event) => {
          await topic.publishMessage({ data: Buffer.from(JSON.stringify(event)) });
        },
      },
    },
  },
});

http('walkeros', async (request, response) => {
  const { events } = request.body as { readonly events: readonly ShopEvent[] };
  const results = await Promise.all(events.map((event) => collector.push(walkerEvent(event))));
  if (results.every(({ ok }) => ok)) response.json({ accepted: events.length });
  else response.status(503).json({ message: 'an event was not published' });
});

/** https://www.walkeros.io/docs/getting-started/event-model: an entity and what was done with it. */
function walkerEvent(event: ShopEvent) {
  const { event_id, event_time, anonymous_id, session_id, page, items, currency, properties } = event;
  return {
    name: 'product view',
    id: event_id,
    timestamp: Date.parse(event_time),
    data: { ...items[0], currency, ...properties },
    context: {},
    globals: { ...page },
    user: { device: anonymous_id, session: session_id },
    consent: { functional: true },
  };
}
