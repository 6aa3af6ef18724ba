import { closeClients, type Place } from './client.ts';
import * as documents from './documents.ts';
import * as listeners from './listeners.ts';
import * as rules from './rules.ts';

const SCENARIOS: Readonly<Record<string, (place: Place) => Promise<unknown>>> = {
  ...documents,
  ...listeners,
  ...rules,
};

/** What the test calls in the page. */
export type RunScenario = (name: string, place: Place) => Promise<unknown>;

const run: RunScenario = async (name, place) => {
  try {
    return await SCENARIOS[name]?.(place);
  } finally {
    await closeClients();
  }
};
Object.assign(globalThis, { run });
