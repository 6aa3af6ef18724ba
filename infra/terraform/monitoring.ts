import { alertPolicies } from '../monitoring/alerts.ts';
import { dashboard } from '../monitoring/dashboard.ts';
import { logMetrics } from '../monitoring/log-metrics.ts';
import { byLabel, label, type Resources, ref } from './values.ts';

/** Fields whose keys are the operator's own, and stay as they are. */
const MAPS: ReadonlySet<string> = new Set(['labelExtractors', 'userLabels']);

/** Metrics, dashboard, alerts, and an uptime check of ingest: the API's forms, by the provider's names. */
export function monitoring(): Resources {
  return {
    google_logging_metric: byLabel(logMetrics(), ({ name }) => name, snakeCase),
    google_monitoring_dashboard: {
      nextclick: { dashboard_json: literal(JSON.stringify(dashboard())) },
    },
    google_monitoring_alert_policy: byLabel(
      Object.entries(alertPolicies()),
      ([name]) => label(name),
      ([, policy]) => ({
        ...snakeCase(policy),
        depends_on: logMetrics().map(({ name }) => `google_logging_metric.${name}`),
      }),
    ),
    google_monitoring_uptime_check_config: {
      ingest: {
        display_name: 'nextclick ingest',
        timeout: '10s',
        period: '300s',
        http_check: { path: '/health', port: 443, use_ssl: true, validate_ssl: true },
        monitored_resource: {
          type: 'uptime_url',
          labels: {
            project_id: ref('var.project'),
            host: ref('trimprefix(google_cloudfunctions2_function.ingest.service_config[0].uri, "https://")'),
          },
        },
      },
    },
  };
}

function snakeCase(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([key, content]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      MAPS.has(key) ? content : snakeValue(content),
    ]),
  );
}

function snakeValue(content: unknown): unknown {
  if (Array.isArray(content)) return content.map(snakeValue);
  if (typeof content === 'string') return literal(content);
  return typeof content === 'object' && content !== null ? snakeCase(content) : content;
}

/** Text as it is: in a Terraform string `${` and `%{` begin expressions. */
function literal(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{');
}
