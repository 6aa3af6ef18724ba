import type { MappingSource } from '../mapping.ts';

/** Files of events in the form of `POST /v1/events`, one a line. */
export const native: MappingSource = { name: 'native', records: 'native' };
