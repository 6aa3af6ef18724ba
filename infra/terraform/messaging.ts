import { FUNCTIONS, SCHEDULES, TOPICS, topicsOf } from '../../shared/pipeline.ts';
import { acknowledgeSeconds, isLastStop } from '../deploy/steps/triggers.ts';
import { byLabel, label, type Resources, ref } from './values.ts';

const DEAD_LETTERS = [...new Set(FUNCTIONS.map(({ delivery }) => delivery.deadLetterTopic))];
const PUBSUB = `serviceAccount:service-${ref('data.google_project.this.number')}@gcp-sa-pubsub.iam.gserviceaccount.com`;

/**
 * Topics, schedules, and a push subscription for each topic of each function. Terraform cannot change the subscription that
 * Eventarc makes, so these push to the functions themselves, in the same form.
 */
export function messaging(): Resources {
  const deliveries = FUNCTIONS.flatMap((spec) => topicsOf(spec).map((topic) => ({ spec, topic })));
  const forwarded = deliveries.filter(({ spec, topic }) => !isLastStop(spec, topic));
  return {
    google_pubsub_topic: byLabel(Object.values(TOPICS), label, (topic) => ({
      name: topic,
      depends_on: ['google_project_service.pubsub'],
    })),
    google_pubsub_topic_iam_member: byLabel(DEAD_LETTERS, label, (topic) => ({
      topic: ref(`google_pubsub_topic.${label(topic)}.id`),
      role: 'roles/pubsub.publisher',
      member: PUBSUB,
    })),
    google_pubsub_subscription: byLabel(
      deliveries,
      ({ spec, topic }) => label(spec.name, topic),
      ({ spec, topic }) => ({
        name: `${spec.name}--${topic}`,
        topic: ref(`google_pubsub_topic.${label(topic)}.id`),
        ack_deadline_seconds: acknowledgeSeconds(spec),
        message_retention_duration: '604800s',
        expiration_policy: { ttl: '' },
        push_config: {
          push_endpoint: `${ref(`google_cloudfunctions2_function.${label(spec.name)}.service_config[0].uri`)}/projects/${ref('var.project')}/topics/${topic}`,
          oidc_token: { service_account_email: ref('google_service_account.trigger.email') },
        },
        retry_policy: {
          minimum_backoff: `${spec.delivery.minBackoffSeconds}s`,
          maximum_backoff: `${spec.delivery.maxBackoffSeconds}s`,
        },
        ...(isLastStop(spec, topic)
          ? {}
          : {
              dead_letter_policy: {
                dead_letter_topic: ref(`google_pubsub_topic.${label(spec.delivery.deadLetterTopic)}.id`),
                max_delivery_attempts: spec.delivery.maxDeliveryAttempts,
              },
            }),
      }),
    ),
    google_pubsub_subscription_iam_member: byLabel(
      forwarded,
      ({ spec, topic }) => label(spec.name, topic),
      ({ spec, topic }) => ({
        subscription: ref(`google_pubsub_subscription.${label(spec.name, topic)}.name`),
        role: 'roles/pubsub.subscriber',
        member: PUBSUB,
      }),
    ),
    google_cloud_scheduler_job: byLabel(
      SCHEDULES,
      ({ name }) => label(name),
      ({ name, summary, topic, cron, timeZone, message }) => ({
        name,
        description: summary,
        region: ref('var.region'),
        schedule: cron,
        time_zone: timeZone,
        pubsub_target: {
          topic_name: ref(`google_pubsub_topic.${label(topic)}.id`),
          data: Buffer.from(JSON.stringify(message)).toString('base64'),
        },
      }),
    ),
  };
}
