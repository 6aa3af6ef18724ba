import { TOPICS } from '../../shared/pipeline.ts';
import { GAP_WORDS } from './conservation-gap.ts';
import { increaseOf, rateOf, series } from './promql.ts';

/** An alert: what is seen, when it is too much, and what a person then does. */
interface Alert {
  /** Of its file. */
  readonly name: string;
  readonly title: string;
  readonly severity: 'CRITICAL' | 'ERROR' | 'WARNING';
  readonly condition: object;
  readonly advice: string;
  /** How often at most somebody is told, where each line of a log would. */
  readonly atMostEvery?: string;
}

const MINUTE = 60;

const ALERTS: readonly Alert[] = [
  {
    name: 'oldest-unacked',
    title: 'messages wait longer than 10 minutes',
    severity: 'ERROR',
    condition: threshold(
      'metric.type="pubsub.googleapis.com/subscription/oldest_unacked_message_age" resource.type="pubsub_subscription"',
      { above: 10 * MINUTE, forSeconds: 5 * MINUTE, aligner: 'ALIGN_MAX' },
    ),
    advice:
      'The function behind this subscription fails or is too slow. Its log says which: look for "the batch will be delivered again". Messages are kept for 7 days.',
  },
  {
    name: 'dead-letters',
    title: 'messages became dead letters',
    severity: 'ERROR',
    condition: threshold(
      `metric.type="pubsub.googleapis.com/topic/send_message_operation_count" resource.type="pubsub_topic" resource.label."topic_id"="${TOPICS.deadLetters}"`,
      { above: 0, forSeconds: 0, aligner: 'ALIGN_DELTA' },
    ),
    advice:
      "They are in BigQuery: SELECT * FROM nextclick.failed_events WHERE reason = 'dead_letter' ORDER BY failed_at DESC. Mend the cause, then replay them.",
  },
  {
    name: 'error-share',
    title: 'more than 5 % of events fail',
    severity: 'ERROR',
    condition: promql(`${rateOf('failed')} / (${rateOf('in', 'enrich')} > 0) > 0.05`, 10 * MINUTE),
    advice:
      'SELECT stage, reason, path, COUNT(*) FROM nextclick.failed_events WHERE failed_at > TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR) GROUP BY ALL ORDER BY 4 DESC. Often a client was changed.',
  },
  {
    name: 'redelivery',
    title: 'batches are delivered again and again',
    severity: 'WARNING',
    condition: promql(`sum by (function) (rate(${series('redeliver', 'count')}[10m])) > 0.1`, 10 * MINUTE),
    advice:
      'A service that the function writes to refuses or times out. The log line "the batch will be delivered again" has its words.',
  },
  {
    name: 'fallback-share',
    title: 'popularity stands in for the model in more than 20 % of recommendations',
    severity: 'WARNING',
    condition: promql(
      `${rateOf('by_popularity', 'recommend')} / (${rateOf('by_model', 'recommend')} + ${rateOf('by_popularity', 'recommend')}) > 0.2`,
      10 * MINUTE,
    ),
    advice:
      'The Vertex AI endpoint is down, slow or has no model. npm run model -- history shows versions, npm run model -- rollback goes back one.',
  },
  {
    name: 'no-events',
    title: 'no events for 30 minutes',
    severity: 'CRITICAL',
    condition: {
      displayName: 'no events for 30 minutes',
      conditionAbsent: {
        filter:
          'metric.type="logging.googleapis.com/user/nextclick_in" resource.type="cloud_run_revision" metric.label."function"="ingest"',
        duration: `${30 * MINUTE}s`,
        aggregations: [{ alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_DELTA' }],
        trigger: { count: 1 },
      },
    },
    advice:
      'Clients send nothing, or ingest refuses everything: look at its answers by class and at its uptime check.',
  },
  {
    name: 'conservation-gap',
    title: 'events are missing from the warehouse',
    severity: 'ERROR',
    condition: {
      displayName: 'the scheduled query found a gap',
      conditionMatchedLog: {
        filter: `resource.type="bigquery_dts_config" AND severity>=ERROR AND SEARCH("\`${GAP_WORDS}\`")`,
      },
    },
    atMostEvery: '3600s',
    advice:
      'BigQuery has no row, no failure and no drop for events that recommendations were made for, an hour later: see infra/monitoring/conservation-gap.sql, which lists them without its last two SELECTs. First look for a backlog on clickstream-enriched and at the log of warehouse.',
  },
  {
    name: 'intake-gap',
    title: 'events are missing between ingest and enrich',
    severity: 'ERROR',
    condition: promql(
      `(${increaseOf('out', 'ingest', '6h')} + ${increaseOf('out', 'inbox', '6h')} + ${increaseOf('out', 'load', '6h')}) - ${increaseOf('in', 'enrich', '6h')} > 100`,
      60 * MINUTE,
    ),
    advice:
      'What enrich took in six hours is less than what was accepted. Look for a backlog on clickstream-raw first, then compare with SELECT * FROM nextclick.conservation.',
  },
];

/** Policies by file name: https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies */
export function alertPolicies(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    ALERTS.map(({ name, title, severity, condition, advice, atMostEvery }) => [
      name,
      {
        displayName: `nextclick: ${title}`,
        severity,
        combiner: 'OR',
        conditions: [condition],
        documentation: { content: advice, mimeType: 'text/markdown' },
        userLabels: { app: 'nextclick' },
        alertStrategy: {
          autoClose: '86400s',
          ...(atMostEvery === undefined ? {} : { notificationRateLimit: { period: atMostEvery } }),
        },
      },
    ]),
  );
}

interface Threshold {
  readonly above: number;
  readonly forSeconds: number;
  readonly aligner: string;
}

function threshold(filter: string, { above, forSeconds, aligner }: Threshold): object {
  return {
    displayName: `above ${above}`,
    conditionThreshold: {
      filter,
      comparison: 'COMPARISON_GT',
      thresholdValue: above,
      duration: `${forSeconds}s`,
      aggregations: [{ alignmentPeriod: '60s', perSeriesAligner: aligner }],
      trigger: { count: 1 },
    },
  };
}

function promql(query: string, forSeconds: number): object {
  return {
    displayName: 'by query',
    conditionPrometheusQueryLanguage: {
      query,
      duration: `${forSeconds}s`,
      evaluationInterval: '60s',
    },
  };
}
