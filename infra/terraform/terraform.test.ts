import { describe, expect, it } from 'vitest';
import { FUNCTIONS, TOPICS, topicsOf } from '../../shared/pipeline.ts';
import { alertPolicies } from '../monitoring/alerts.ts';
import { logMetrics } from '../monitoring/log-metrics.ts';
import { terraformFile } from './main.ts';

type Instances = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
interface Terraform {
  readonly resource: Readonly<Record<string, Instances>>;
  readonly data: Readonly<Record<string, Instances>>;
  readonly variable: Instances[string];
}
const file = JSON.parse(terraformFile()) as Terraform;

describe('main.tf.json', () => {
  it('refers only to what it has', () => {
    // `$${` is no reference but text.
    const references = [...terraformFile().matchAll(/(?<!\$)\$\{(?:trimprefix\()?([^},]+)/g)].map(
      ([, expression = '']) => expression,
    );
    const unknown = references.filter((expression) => {
      const [first = '', second = '', third = ''] = expression.split('.');
      if (first === 'path') return false;
      if (first === 'var') return !(second in file.variable);
      if (first === 'data') return file.data[second]?.[third] === undefined;
      return file.resource[first]?.[second] === undefined;
    });
    expect(references.length).toBeGreaterThan(100);
    expect(unknown).toEqual([]);
  });

  it('has the topology: functions, topics, a subscription for each topic of each function', () => {
    const namesOf = (type: string) => Object.values(file.resource[type] ?? {}).map((each) => each.name);
    expect(namesOf('google_cloudfunctions2_function')).toEqual(FUNCTIONS.map(({ name }) => name));
    expect(namesOf('google_pubsub_topic')).toEqual(Object.values(TOPICS));
    expect(namesOf('google_pubsub_subscription')).toEqual(
      FUNCTIONS.flatMap((spec) => topicsOf(spec).map((topic) => `${spec.name}--${topic}`)),
    );
  });

  it('is written in one way, so that a change of one thing is a change of few lines', () => {
    expect(terraformFile()).toBe(`${JSON.stringify(file, null, 2)}\n`);
  });

  it('has the monitoring of the deploy, its own braces as text', () => {
    const counts = ['google_logging_metric', 'google_monitoring_alert_policy'].map(
      (type) => Object.keys(file.resource[type] ?? {}).length,
    );
    expect(counts).toEqual([logMetrics().length, Object.keys(alertPolicies()).length]);
    const [board] = Object.values(file.resource.google_monitoring_dashboard ?? {});
    expect(String(board?.dashboard_json)).toContain('$${labels.model_version}');
    const policy = file.resource.google_monitoring_alert_policy?.dead_letters as {
      readonly conditions: readonly object[];
    };
    expect(policy.conditions[0]).toMatchObject({
      condition_threshold: { threshold_value: 0, aggregations: [{ per_series_aligner: 'ALIGN_DELTA' }] },
    });
  });

  it('gives each function its own account and roles, and no value of a secret', () => {
    for (const { name, roles, secrets } of FUNCTIONS) {
      const config = file.resource.google_cloudfunctions2_function?.[name]?.service_config as {
        readonly service_account_email: string;
        readonly environment_variables: object;
      };
      expect(config.service_account_email).toBe(`\${google_service_account.${name}.email}`);
      for (const secret of secrets) expect(config.environment_variables).not.toHaveProperty(secret);
      const given = Object.values(file.resource.google_project_iam_member ?? {})
        .filter(({ member }) => member === `\${google_service_account.${name}.member}`)
        .map(({ role }) => role);
      expect(given).toEqual(expect.arrayContaining([...roles]));
    }
  });
});
