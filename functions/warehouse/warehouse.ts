import { z } from 'zod';
import type { BatchContext, BatchResult, Route } from '../../shared/batch-function.ts';
import { TransientError } from '../../shared/errors.ts';
import { ConsentDrop, EnrichedEvent, FailedEvent, Recommendation } from '../../shared/events.ts';
import { type FunctionIdentity, makeFailedEvent } from '../../shared/failed-event.ts';
import { TABLES, type Table, TOPICS, type Topic } from '../../shared/pipeline.ts';
import { deadLetterOf, sourceOf } from './dead-letters.ts';
import { type PayloadStore, rowOf } from './quarantine.ts';
import type { TableAppender } from './table-appender.ts';

/** The tables that are appended to from topics. */
export type TopicTable = Exclude<Table, typeof TABLES.replays | typeof TABLES.forgotten>;

export interface WarehouseOptions {
  readonly identity: FunctionIdentity;
  /** Asked once for each table. */
  readonly appenderOf: (table: TopicTable) => TableAppender;
  /** Keeps the payloads of failed events that are too long for a row. */
  readonly payloads: PayloadStore;
  readonly clock: () => number;
}

/** The routes of the warehouse, by topic. */
export interface WarehouseRoutes {
  readonly enriched: Route<EnrichedEvent>;
  readonly recommendations: Route<Recommendation>;
  readonly consentDrops: Route<ConsentDrop>;
  readonly failed: Route<FailedEvent>;
  readonly deadLetters: Route<unknown>;
}

/**
 * Stores what is on each topic in its table. A row that BigQuery refuses becomes a failed event; a failed event that it
 * refuses is logged and left to redelivery, so that nothing goes round in circles and nothing is lost unseen.
 */
export function makeWarehouse({ identity, appenderOf, payloads, clock }: WarehouseOptions): WarehouseRoutes {
  const appenders: Readonly<Record<TopicTable, TableAppender>> = {
    [TABLES.events]: appenderOf(TABLES.events),
    [TABLES.failed]: appenderOf(TABLES.failed),
    [TABLES.recommendations]: appenderOf(TABLES.recommendations),
    [TABLES.consentDrops]: appenderOf(TABLES.consentDrops),
  };
  const storeOrFail = async <T extends object>(
    rows: readonly T[],
    table: TopicTable,
    topic: Topic,
  ): Promise<BatchResult> => {
    const outcomes = await appenders[table].append(rows);
    const failed = rows.flatMap((payload, index) => {
      const outcome = outcomes[index];
      if (!outcome || outcome.ok) return [];
      const message = `BigQuery refused the row for ${table}: ${outcome.message}`;
      return [
        makeFailedEvent(
          identity,
          { reason: 'warehouse_rejected', message, payload, replayTopic: topic },
          clock(),
        ),
      ];
    });
    return { out: rows.length - failed.length, failed };
  };

  const storeFailed = async (events: readonly FailedEvent[], { log }: BatchContext): Promise<BatchResult> => {
    const rows = await Promise.all(events.map((failed) => rowOf(failed, payloads)));
    const outcomes = await appenders[TABLES.failed].append(rows);
    const refused = rows.filter((_row, index) => outcomes[index]?.ok === false);
    if (refused.length === 0) return { out: rows.length };
    const reasons = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.message]));
    log.error('BigQuery refused failed events; they are delivered again, and then become dead letters', {
      failed_ids: refused.map((row) => row.failed_id),
      event_ids: refused.flatMap((row) => row.event_id ?? []),
      reasons: [...new Set(reasons)].slice(0, 10),
    });
    throw new TransientError(`BigQuery refused ${refused.length} failed events: ${reasons[0]}`);
  };

  return {
    enriched: {
      schema: EnrichedEvent,
      handle: (events) => storeOrFail(events, TABLES.events, TOPICS.enriched),
    },
    recommendations: {
      schema: Recommendation,
      handle: (rows) => storeOrFail(rows, TABLES.recommendations, TOPICS.recommendations),
    },
    consentDrops: {
      schema: ConsentDrop,
      handle: (rows) => storeOrFail(rows, TABLES.consentDrops, TOPICS.consentDrops),
    },
    failed: { schema: FailedEvent, handle: storeFailed },
    deadLetters: {
      schema: z.unknown(),
      handle: (payloads, context) => {
        const source = sourceOf(context.attributes);
        const rows = payloads.map((payload) => deadLetterOf(payload, source, identity.version, clock()));
        context.log.error('events could not be delivered and are kept in failed_events', {
          subscription: source.subscription,
          deliveries: source.deliveries,
          count: rows.length,
        });
        return storeFailed(rows, context);
      },
    },
  };
}
