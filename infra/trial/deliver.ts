import type { Topic } from '../../shared/pipeline.ts';
import { type Delivered, PROJECT } from './bench.ts';

/** Delivers a message as Eventarc's push subscription does. @throws Error on an answer that is no 2xx. */
export async function deliverMessage(url: string, topic: Topic, message: Delivered): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': message.messageId,
      'ce-time': message.publishTime,
      'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
      'ce-source': `//pubsub.googleapis.com/projects/${PROJECT}/topics/${topic}`,
    },
    body: JSON.stringify({ subscription: `projects/${PROJECT}/subscriptions/trial`, message }),
  });
  await expectAnswer(response);
}

/** Delivers the event of a finalized object. @throws Error on an answer that is no 2xx. */
export async function deliverObject(
  url: string,
  object: { readonly bucket: string; readonly name: string; readonly generation: string },
): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': `${object.name}#${object.generation}`,
      'ce-type': 'google.cloud.storage.object.v1.finalized',
      'ce-source': `//storage.googleapis.com/projects/_/buckets/${object.bucket}`,
      'ce-subject': `objects/${object.name}`,
    },
    body: JSON.stringify(object),
  });
  await expectAnswer(response);
}

/** @throws Error with the words of an answer that is no 2xx. */
export async function expectAnswer(response: Response): Promise<void> {
  if (!response.ok) throw new Error(`it answered ${response.status} ${await response.text()}`);
}

/** An event no function is triggered by: a bundle without a trial of its own takes it and does nothing. */
export async function deliverStray(url: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
      'ce-source': `//pubsub.googleapis.com/projects/${PROJECT}/topics/none-of-ours`,
    },
    body: '{}',
  });
  if (response.status >= 500) await expectAnswer(response);
  return `answers ${response.status}; it has no trial of its own in infra/trial/trials.ts`;
}
