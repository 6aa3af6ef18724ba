import type { BatchContext, BatchResult, Route } from '../../shared/batch-function.ts';
import { PermanentError } from '../../shared/errors.ts';
import {
  type ConsentDrop,
  type EnrichedEvent,
  type FailedEvent,
  type Product,
  RawEvent,
} from '../../shared/events.ts';
import { type FunctionIdentity, failureOf, makeFailedEvent } from '../../shared/failed-event.ts';
import { makeGroupCommit } from '../../shared/group-commit.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';
import { consentOf } from './enrichments/consent.ts';
import { applyEnrichments } from './enrichments.ts';
import { fitSize, MAX_ENRICHED_BYTES } from './fit-size.ts';
import type { IsForgotten } from './forgotten.ts';
import { type HistoryEntry, makeHistories, type PlacedEvent } from './history/histories.ts';
import type { Profiles } from './history/profiles.ts';
import { sessionWithoutProfile } from './history/sessions.ts';
import type { EnrichSettings } from './settings.ts';

/** Where products are looked up. */
export interface ProductLookup {
  products(ids: Iterable<string>): Promise<ReadonlyMap<string, Product>>;
}

export interface EnrichOptions {
  readonly identity: FunctionIdentity;
  readonly settings: EnrichSettings;
  readonly profiles: Profiles;
  readonly catalog: ProductLookup;
  readonly publisher: Publisher;
  /** Judges whose events are dropped because the person is forgotten, given the key of pseudonyms. Default: nobody's. */
  readonly forgotten?: (pseudonymKey: string) => Promise<IsForgotten>;
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}

/** Events whose profiles are read and written together, at most, however many messages they came in. */
const GROUP_EVENTS = 2000;
/** What session and the shortest customer add to an event, at most. */
const PLACEMENT_BYTES = 4096;

interface Work {
  readonly raw: RawEvent;
  readonly event: EnrichedEvent;
}

/**
 * The route of `clickstream-raw`. Cleans and joins each event, enters it into its person's history, and publishes it on
 * `clickstream-enriched`; events that may not be stored, and those of people who
 * are forgotten, leave their id on `consent-drops`; events that cannot be used
 * become failed events. It resolves once profiles are durable and Pub/Sub has every output; all of it may be repeated.
 *
 * Histories are group-committed: messages handled at the same time share one read and one write per person, so that they do
 * not conflict with one another.
 */
export function makeEnrich(options: EnrichOptions): Route<RawEvent> {
  const { identity, settings, catalog, publisher, clock } = options;
  const histories = makeGroupCommit<HistoryEntry, PlacedEvent>({
    maxItems: GROUP_EVENTS,
    maxBytes: Number.POSITIVE_INFINITY,
    sizeOf: () => 0,
    commit: makeHistories(options),
  });

  const placeEvents = async (work: readonly Work[]): Promise<readonly EnrichedEvent[]> => {
    const placed = new Map<EnrichedEvent, PlacedEvent>();
    const entries = work
      .filter(({ event }) => hasProfile(event))
      .map(({ raw, event }) => ({ event, hasOwnSession: raw.session_id !== undefined }));
    const placements = await histories.add(entries);
    placements.forEach((placement, index) => {
      const entry = entries[index];
      if (entry) placed.set(entry.event, placement);
    });
    return work.map(({ raw, event }) =>
      Object.assign(
        event,
        placed.get(event) ?? {
          session_id: raw.session_id ?? sessionWithoutProfile(event.visitor_id, Date.parse(event.event_time)),
        },
      ),
    );
  };

  const handle = async (events: readonly RawEvent[], context: BatchContext): Promise<BatchResult> => {
    const now = clock();
    const isForgotten = (await options.forgotten?.(settings.pseudonymKey)) ?? (() => false);
    const [forgotten, others] = partition(events, isForgotten);
    const [denied, allowed] = partition(others, (raw) => !consentOf(raw, settings.consentDefault).analytics);
    const dropped = [...forgotten, ...denied];
    const products = await catalog.products(
      allowed.flatMap((raw) => (raw.items ?? []).map((item) => item.item_id)),
    );
    const failed: FailedEvent[] = [];
    /** What `use` makes of an event, or nothing and a failed event where it cannot be used. */
    const attempt = <T>(raw: RawEvent, use: () => T): T[] => {
      try {
        return [use()];
      } catch (error) {
        if (!(error instanceof PermanentError)) throw error;
        const failure = { ...failureOf(error), payload: raw, replayTopic: TOPICS.raw };
        failed.push(makeFailedEvent(identity, { ...failure, receivedAt: raw.collector.received_at }, now));
        return [];
      }
    };

    const enrichedAt = new Date(now).toISOString();
    const work = allowed.flatMap((raw) =>
      attempt(raw, () => ({
        raw,
        event: fitSize(
          applyEnrichments({ raw, products, settings }, enrichedAt),
          MAX_ENRICHED_BYTES - PLACEMENT_BYTES,
        ),
      })),
    );
    const placed = await placeEvents(work);
    // There was room for a session; only a customer may be too much.
    const enriched = placed.map((event) => (event.customer === undefined ? event : fitSize(event)));
    const drops = dropped.map(
      ({ event_id }): ConsentDrop => ({ event_id, dropped_at: new Date(now).toISOString() }),
    );
    await Promise.all([
      enriched.length > 0 && publisher.publish(TOPICS.enriched, enriched, context.outgoing),
      drops.length > 0 && publisher.publish(TOPICS.consentDrops, drops, context.outgoing),
    ]);
    return {
      out: enriched.length,
      failed,
      metrics: { consent_dropped: denied.length, forgotten_dropped: forgotten.length },
    };
  };

  return { schema: RawEvent, handle };
}

/** Bots have no history, nor do visitors who did not allow personalization. */
function hasProfile(event: EnrichedEvent): boolean {
  return event.consent.personalization && !event.device.is_bot;
}

function partition<T>(list: readonly T[], test: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [list.filter(test), list.filter((item) => !test(item))];
}
