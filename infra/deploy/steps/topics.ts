import { FUNCTIONS, TOPICS } from '../../../shared/pipeline.ts';
import { gcloud } from '../command.ts';
import type { Phase, Step } from '../step.ts';
import { pubsubAgent, type Target } from '../target.ts';

/** Every topic, and Pub/Sub's own right to put dead letters on theirs. */
export function topicPhases(target: Target): readonly Phase[] {
  const project = `--project=${target.project}`;
  const topics = Object.values(TOPICS).map(
    (topic): Step => ({
      name: `topic ${topic}`,
      exists: gcloud('pubsub', 'topics', 'describe', topic, '--format=value(name)', project),
      create: [gcloud('pubsub', 'topics', 'create', topic, project)],
      destroy: [gcloud('pubsub', 'topics', 'delete', topic, '--quiet', project)],
    }),
  );
  const deadLetters = [...new Set(FUNCTIONS.map(({ delivery }) => delivery.deadLetterTopic))];
  const rights = deadLetters.map(
    (topic): Step => ({
      name: `Pub/Sub publishes to ${topic}`,
      create: [
        gcloud(
          'pubsub',
          'topics',
          'add-iam-policy-binding',
          topic,
          pubsubAgent(target, '--member='),
          '--role=roles/pubsub.publisher',
          '--format=none',
          project,
        ),
      ],
    }),
  );
  return [
    { title: 'topics', steps: topics, parallel: 4 },
    { title: 'dead-letter topics', steps: rights, parallel: 1 },
  ];
}
