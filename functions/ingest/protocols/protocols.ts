import { ga4 } from './ga4.ts';
import { gtag } from './gtag.ts';
import { native } from './native.ts';
import type { Protocol } from './protocol.ts';
import { segment } from './segment.ts';
import { snowplow } from './snowplow.ts';

/** Every protocol the collector speaks. */
export const PROTOCOLS: readonly Protocol[] = [native, segment, snowplow, ga4, gtag];
