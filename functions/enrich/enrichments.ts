import { SCHEMA_VERSION } from '../../shared/event-names.ts';
import type { EnrichedEvent, RawEvent } from '../../shared/events.ts';
import type { Enrichment, Source } from './enrichment.ts';
import { bot } from './enrichments/bot.ts';
import { catalog } from './enrichments/catalog.ts';
import { cleanFields } from './enrichments/clean-fields.ts';
import { consent } from './enrichments/consent.ts';
import { device } from './enrichments/device.ts';
import { eventTime } from './enrichments/event-time.ts';
import { geo } from './enrichments/geo.ts';
import { page } from './enrichments/page.ts';
import { pseudonymise } from './enrichments/pseudonymise.ts';
import { traffic } from './enrichments/traffic.ts';
import type { EnrichSettings } from './settings.ts';
import { userKeyOf } from './user-key.ts';

/**
 * Every enrichment, in order. To add one: a file in `enrichments/`, and a line here. Later ones see what earlier ones
 * did; `pseudonymise` stands after all that read what a client wrote.
 */
export const ENRICHMENTS: readonly Enrichment[] = [
  cleanFields,
  eventTime,
  consent,
  page,
  traffic,
  device,
  bot,
  geo,
  pseudonymise,
  catalog,
];

/**
 * The event with everything known that the event itself and the catalogue can tell; session and customer are still to come.
 * @throws PermanentError for an event that cannot be used.
 */
export function applyEnrichments(source: Source, enrichedAt: string): EnrichedEvent {
  const event = beginEvent(source.raw, source.settings, enrichedAt);
  // One object is filled: a copy of it at each step would cost more than the steps.
  for (const enrichment of ENRICHMENTS) Object.assign(event, enrichment.apply(event, source));
  return event;
}

/** The event as it is before any enrichment: who and when, and nothing of the rest. */
function beginEvent(raw: RawEvent, settings: EnrichSettings, enrichedAt: string): EnrichedEvent {
  const userKey = userKeyOf(raw, settings.pseudonymKey);
  const userId = raw.user_id === undefined ? undefined : userKey;
  const visitor = raw.anonymous_id ?? userId ?? raw.event_id;
  const event: EnrichedEvent = {
    event_id: raw.event_id,
    event_name: raw.event_name,
    event_time: raw.event_time,
    received_at: raw.collector.received_at,
    enriched_at: enrichedAt,
    origin: raw.collector.origin,
    protocol: raw.collector.protocol,
    user_key: userKey,
    visitor_id: visitor,
    session_id: raw.session_id ?? '',
    items: [],
    page: {},
    traffic: { channel: 'direct' },
    device: { category: 'unknown', is_bot: false },
    geo: {},
    consent: settings.consentDefault,
    schema_version: SCHEMA_VERSION,
  };
  if (userId !== undefined) event.user_id = userId;
  if (raw.anonymous_id !== undefined) event.anonymous_id = raw.anonymous_id;
  return event;
}
