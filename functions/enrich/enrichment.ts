import type { EnrichedEvent, Product, RawEvent } from '../../shared/events.ts';
import type { EnrichSettings } from './settings.ts';

/** What an enrichment may look at besides the event as enriched so far. */
export interface Source {
  /** The event as it arrived. */
  readonly raw: RawEvent;
  /** The products of the batch, by item id. */
  readonly products: ReadonlyMap<string, Product>;
  readonly settings: EnrichSettings;
}

/**
 * One step of enrichment: a pure function from the event so far to the fields that it sets. The same event
 * and source give the same result, so that a redelivery repeats it.
 * @throws PermanentError for an event that cannot be used; it becomes a failed event.
 */
export interface Enrichment {
  readonly name: string;
  apply(event: Readonly<EnrichedEvent>, source: Source): Partial<EnrichedEvent>;
}
