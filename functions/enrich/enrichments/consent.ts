import type { EnrichedEvent, RawEvent } from '../../../shared/events.ts';
import type { Enrichment } from '../enrichment.ts';

type Decided = EnrichedEvent['consent'];

/** What the visitor allowed; what was left unsaid is the deployment's default. */
export function consentOf({ consent }: Pick<RawEvent, 'consent'>, fallback: Decided): Decided {
  return {
    analytics: consent?.analytics ?? fallback.analytics,
    personalization: consent?.personalization ?? fallback.personalization,
  };
}

/** Notes what was allowed on the event. Denied analytics never comes this far: the event is dropped before. */
export const consent: Enrichment = {
  name: 'consent',
  apply: (_event, { raw, settings }) => ({ consent: consentOf(raw, settings.consentDefault) }),
};
