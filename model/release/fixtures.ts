import type { CurrentModel } from '../../shared/events.ts';
import type { Metrics } from '../manifest.ts';
import type { Ledger } from './ledger.ts';
import type { ModelRecord } from './model-record.ts';
import type { ModelEndpoint } from './release.ts';
import { type Deployed, splitFor, splitWithout } from './traffic.ts';

/** For tests: the time everything happens at. */
export const NOW = Date.parse('2026-11-21T12:00:00.000Z');

/** For tests: figures of a model. */
export function metricsOf(hr20: number, mrr20 = hr20 / 2, cases = 1000): Metrics {
  return {
    cases,
    hr20,
    mrr20,
    hr20_excluding_current: hr20,
    mrr20_excluding_current: mrr20,
    coverage: 0.5,
    popularity_bias: 0.7,
  };
}

/** For tests: a model that passed the gate. */
export function recordOf(model_version: string, fields: Partial<ModelRecord> = {}): ModelRecord {
  return {
    model_version,
    artifact_uri: `gs://models/${model_version}`,
    state: 'canary',
    built_at: new Date(NOW).toISOString(),
    changed_at: new Date(NOW).toISOString(),
    method: 'hidden',
    counts: { sessions: 100, clicks: 400, items: 30 },
    metrics: { candidate: metricsOf(0.5) },
    report: ['passes'],
    popular: ['hat', 'shoe'],
    ...fields,
  };
}

/** For tests: a ledger in memory. */
export function memoryLedger(...given: readonly ModelRecord[]) {
  const records = new Map(given.map((record) => [record.model_version, record]));
  let current: CurrentModel | undefined;
  const ledger: Ledger = {
    current: async () => current,
    async makeCurrent(model) {
      current = model;
    },
    find: async (version) => records.get(version),
    list: async () => [...records.values()].toReversed(),
    async write(record) {
      records.set(record.model_version, record);
    },
  };
  return { ...ledger, states: () => [...records.values()].map((each) => [each.model_version, each.state]) };
}

/** For tests: an endpoint in memory that keeps Vertex AI's rules on traffic. */
export function memoryEndpoint() {
  let deployed: readonly Deployed[] = [];
  const apply = (split: Readonly<Record<string, number>>): void => {
    deployed = deployed.map((each) => ({ ...each, share: split[each.id] ?? 0 }));
  };
  const endpoint: ModelEndpoint = {
    async serve(version, _uri, percent) {
      if (!deployed.some(({ id }) => id === version))
        deployed = [...deployed, { id: version, version, share: 0 }];
      apply(splitFor(version, percent, deployed));
      return 'endpoint-7';
    },
    async keepOnly(version) {
      deployed = deployed.filter(({ id }) => id === version);
    },
    async withdraw(version) {
      const split = splitWithout(version, deployed);
      deployed = deployed.filter(({ id }) => id !== version);
      apply(split);
    },
  };
  return {
    ...endpoint,
    traffic: () => Object.fromEntries(deployed.map(({ version, share }) => [version, share])),
  };
}
