import { closeClients, type Place } from './client.ts';
import * as documents from './documents.ts';
import * as listeners from './listeners.ts';
import * as rules from './rules.ts';

const SCENARIOS: Readonly<Record<string, (place: Place, ...more: readonly number[]) => Promise<unknown>>> = {
  ...documents,
  ...listeners,
  ...rules,
};

/** What the test calls in the page. */
export type RunScenario = (name: string, place: Place, ...more: readonly number[]) => Promise<unknown>;

const run: RunScenario = async (name, place, ...more) => {
  try {
    return await SCENARIOS[name]?.(place, ...more);
  } finally {
    await closeClients();
  }
};
Object.assign(globalThis, { run });
