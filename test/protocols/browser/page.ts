import { segment } from './segment-scenarios.ts';
import { snowplow } from './snowplow-scenarios.ts';

/** Where the page's trackers send, and with which key. */
export interface Place {
  readonly url: string;
  readonly writeKey: string;
}
/** What a shopper does in the page; resolves when the tracker has taken it, which may be before it is sent. */
export type Scenario = (place: Place) => Promise<void>;
/** What the test calls in the page. */
export type RunScenario = (name: string, place: Place) => Promise<void>;

const SCENARIOS: Readonly<Record<string, Scenario>> = { ...segment, ...snowplow };

const run: RunScenario = async (name, place) => {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new Error(`the page knows no scenario ${name}`);
  await scenario(place);
};
Object.assign(globalThis, { run });
