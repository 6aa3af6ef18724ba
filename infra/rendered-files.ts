import { configurationPage } from './configuration/page.ts';
import { monitoringFiles } from './monitoring/files.ts';
import { terraformFile } from './terraform/main.ts';

/** Files that are made from the topology and the schemas, by path from the repository's root. */
export function renderedFiles(): Readonly<Record<string, string>> {
  const monitoring = Object.entries(monitoringFiles()).map(([path, content]) => [
    `infra/monitoring/files/${path}`,
    content,
  ]);
  return {
    'docs/configuration.md': configurationPage(),
    'infra/terraform/main.tf.json': terraformFile(),
    ...(Object.fromEntries(monitoring) as Record<string, string>),
  };
}
