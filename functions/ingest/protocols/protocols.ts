import { native } from './native.ts';
import type { Protocol } from './protocol.ts';
import { segment } from './segment.ts';
import { snowplow } from './snowplow.ts';

/** Every protocol the collector speaks. */
export const PROTOCOLS: readonly Protocol[] = [native, segment, snowplow];
