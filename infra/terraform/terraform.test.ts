import { describe, expect, it } from 'vitest';
import { FUNCTIONS, TOPICS, topicsOf } from '../../shared/pipeline.ts';
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
    const references = [...terraformFile().matchAll(/\$\{([^}]+)\}/g)].map(
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
