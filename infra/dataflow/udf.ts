import './host.ts';
import { consentOf } from '../../functions/enrich/enrichments/consent.ts';
import { applyEnrichments } from '../../functions/enrich/enrichments.ts';
import { fitSize } from '../../functions/enrich/fit-size.ts';
import { sessionWithoutProfile } from '../../functions/enrich/history/sessions.ts';
import type { EnrichSettings } from '../../functions/enrich/settings.ts';
import type { RawEvent } from '../../shared/events.ts';

/** Put in place of its name by the build. */
declare const UDF_SETTINGS: EnrichSettings;

/**
 * The function that Google's template “Pub/Sub to BigQuery” calls for each message of `clickstream-raw`: the enrichment
 * that the function enrich does, without what it looks up (catalogue, customer history).
 * https://cloud.google.com/dataflow/docs/guides/templates/create-template-udf
 * @param message a raw event, or a message `{"events":[…]}` of exactly one
 * @returns a row of the table events_raw; nothing where consent was not given
 * @throws Error, which the template puts in its dead-letter table
 */
export function transform(message: string): string | undefined {
  const raw = onlyEvent(JSON.parse(message));
  if (!consentOf(raw, UDF_SETTINGS.consentDefault).analytics) return undefined;
  const source = { raw, products: new Map(), settings: UDF_SETTINGS };
  const event = fitSize(applyEnrichments(source, new Date().toISOString()));
  const session = raw.session_id ?? sessionWithoutProfile(event.visitor_id, Date.parse(event.event_time));
  const { traits, properties, ...columns } = event;
  return JSON.stringify({
    ...columns,
    session_id: session,
    ...(traits === undefined ? {} : { traits: JSON.stringify(traits) }),
    ...(properties === undefined ? {} : { properties: JSON.stringify(properties) }),
  });
}

function onlyEvent(message: unknown): RawEvent {
  const events = (message as { readonly events?: readonly RawEvent[] }).events;
  if (events === undefined) return message as RawEvent;
  const [only] = events;
  if (only === undefined || events.length > 1) {
    throw new Error(
      `a message of ${events.length} events: the template makes one row of each message; publish events singly (docs/scaling.md)`,
    );
  }
  return only;
}
