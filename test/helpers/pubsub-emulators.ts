import type { EmulatorOptions, RunningEmulator } from '../../emulators/emulator.ts';
import { startPubSubEmulator as startGoogles } from '../../emulators/google/pubsub.ts';
import { startPubSubEmulator as startOurs } from '../../emulators/pubsub/index.ts';
import { whyNoGoogleEmulators } from './google-emulators.ts';

/** A Pub/Sub that the contract suite runs against. */
export interface PubSubTarget {
  readonly name: 'ours' | 'googles';
  readonly title: string;
  /** Why it cannot run here. */
  readonly missing: string | undefined;
  start(options?: EmulatorOptions): Promise<RunningEmulator>;
}

const missing = await whyNoGoogleEmulators();

export const PUBSUB_TARGETS: readonly PubSubTarget[] = [
  { name: 'ours', title: 'this project’s emulator', missing: undefined, start: startOurs },
  {
    name: 'googles',
    title: `Google's emulator${missing === undefined ? '' : ` (skipped: ${missing})`}`,
    missing,
    start: startGoogles,
  },
];

/** Where ours does otherwise than Google's emulator, on purpose, since the service does as ours: seen with gcloud SDK 528. */
export const DIFFERENCES = {
  filter: "Google's takes filters and applies none",
  orderAfterRefusal: "Google's delivers the refused message alone again, behind those that follow it",
  attemptInPush: "Google's counts attempts of pushes, and does not say them",
  orderingKeyInPush: "Google's leaves the ordering key out of what it pushes",
  pushToken: "Google's sends no token",
  retryAfterRefusedConnection:
    "Google's loses messages of a subscription with a retry policy while its endpoint is down",
  exactlyOnce: "Google's does not say that an acknowledgement came too late",
} as const;
