import { BigQuery } from '@google-cloud/bigquery';
import { Firestore } from '@google-cloud/firestore';
import { PubSub } from '@google-cloud/pubsub';
import { GoogleAuth } from 'google-auth-library';
import { openCloudStorage } from '../../../../shared/cloud-storage.ts';
import { ConfigError, messageOf } from '../../../../shared/errors.ts';
import { makePubSubPublisher } from '../../../../shared/pubsub-publisher.ts';
import { type Listening, listen } from '../../../emulator.ts';
import { makeViewApp } from '../app.ts';
import { makeFeed } from '../feed.ts';
import { makeAssets } from '../page-assets.ts';
import { storeSources } from '../store-sources.ts';
import { makeMonitoringFlow } from './monitoring-flow.ts';
import { makePrometheus } from './prometheus.ts';
import { queueNames } from './queue-names.ts';

export interface CloudViewOptions {
  readonly project: string;
  /** On 127.0.0.1; 0: any that is free. */
  readonly port: number;
  readonly say: (line: string) => void;
}

/**
 * The view of a deployed pipeline, on the operator's machine and with the operator's own credentials.
 * @throws ConfigError where this machine has none
 */
export async function startCloudView({ project, port, say }: CloudViewOptions): Promise<Listening> {
  const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
  // Google's clients end the process where they find none, so they are looked for first.
  await auth.getClient().catch((cause: unknown) => {
    throw new ConfigError(`${messageOf(cause)}\nSign in first: gcloud auth application-default login`, {
      cause,
    });
  });
  const pubsub = new PubSub({ projectId: project });
  const url = `https://monitoring.googleapis.com/v1/projects/${project}/location/global/prometheus`;
  const query = makePrometheus({
    url,
    headers: async () => Object.fromEntries(await auth.getRequestHeaders(url)),
  });
  const queues = async (): Promise<ReadonlyMap<string, string>> => {
    const [subscriptions] = await pubsub.getSubscriptions();
    return queueNames(
      subscriptions.map(({ name, metadata }) => ({
        name,
        topic: metadata?.topic ?? '',
        endpoint: metadata?.pushConfig?.pushEndpoint ?? '',
      })),
    );
  };
  const feed = makeFeed({
    source: makeMonitoringFlow({ query, queues }),
    recent: () => [],
    onTrouble: (trouble) => say(trouble ?? 'the figures can be read again'),
  });
  const stored = storeSources({
    project,
    bigquery: new BigQuery({ projectId: project }),
    firestore: new Firestore({ projectId: project }),
    storage: openCloudStorage({ projectId: project }),
    publisher: makePubSubPublisher({ projectId: project }),
  });
  return listen(makeViewApp({ assets: makeAssets(), sources: { ...stored, feed, spans: async () => [] } }), {
    port,
  });
}
