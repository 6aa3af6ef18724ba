import { native } from './native.ts';
import type { Protocol } from './protocol.ts';

/** Every protocol the collector speaks. */
export const PROTOCOLS: readonly Protocol[] = [native];
