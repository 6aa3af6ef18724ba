import { count } from '../../shared/config.ts';

/** What load reads from its environment, beside what all functions do. */
export const loadVariables = {
  PUBLISH_CONCURRENCY: count(4).describe('Publishes of up to 500 events that run at a time.'),
};
