import { alertPolicies } from './alerts.ts';
import { dashboard } from './dashboard.ts';
import { logMetrics } from './log-metrics.ts';

/** What monitoring is made of, by path below infra/monitoring/files: rendered from the topology, read by the deploy. */
export function monitoringFiles(): Readonly<Record<string, string>> {
  const files: Record<string, object> = { 'dashboard.json': dashboard() };
  for (const metric of logMetrics()) files[`metrics/${metric.name}.json`] = metric;
  for (const [name, policy] of Object.entries(alertPolicies())) files[`alerts/${name}.json`] = policy;
  return Object.fromEntries(
    Object.entries(files).map(([path, value]) => [path, `${JSON.stringify(value, null, 2)}\n`]),
  );
}
