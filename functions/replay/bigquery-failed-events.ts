import type { BigQuery } from '@google-cloud/bigquery';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { FailedEvent } from '../../shared/events.ts';
import { rawTable, TABLES } from '../../shared/pipeline.ts';
import type { FailedEvents } from './ports.ts';
import type { Parameter } from './where.ts';

export interface BigQueryFailedEventsOptions {
  readonly bigquery: BigQuery;
  readonly project: string;
  readonly dataset: string;
}

const SELECTED = Object.keys(FailedEvent.shape).map((name) => `\`${name}\``);

/** Failed events in BigQuery: one query reads them, one INSERT marks a group. */
export function makeBigQueryFailedEvents({
  bigquery,
  project,
  dataset,
}: BigQueryFailedEventsOptions): FailedEvents {
  const name = (table: string): string => `\`${project}.${dataset}.${table}\``;
  return {
    async *select({ replayId, where, until, limit, again, after }) {
      const query = [
        `SELECT ${SELECTED.join(', ')} FROM ${name(TABLES.failed)}`,
        'WHERE failed_at <= @until',
        again
          ? "AND IFNULL(replayed_in, '') != @replay_id"
          : 'AND replayed_at IS NULL AND replay_of IS NULL AND @replay_id IS NOT NULL',
        ...(after ? ['AND (failed_at > @after_at OR failed_at = @after_at AND failed_id > @after_id)'] : []),
        `AND ${where.sql}`,
        'ORDER BY failed_at, failed_id LIMIT @limit',
      ].join('\n');
      const values = where.parameters.map((parameter, index) => [
        `w${index}`,
        asParameter(bigquery, parameter),
      ]);
      const params = {
        replay_id: replayId,
        until: bigquery.timestamp(new Date(until)),
        limit,
        ...(after && { after_at: bigquery.timestamp(after.failed_at), after_id: after.failed_id }),
        ...Object.fromEntries(values),
      };
      try {
        for await (const row of bigquery.createQueryStream({ query, params })) {
          yield failedEventOf(row as Readonly<Record<string, unknown>>);
        }
      } catch (error) {
        throw new TransientError(`the failed events could not be read: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },

    async mark(failedIds, replayId, replayedAt) {
      try {
        await bigquery.query({
          query: `INSERT INTO ${name(rawTable(TABLES.replays))} (failed_id, replay_id, replayed_at)
SELECT failed_id, @replay_id, @replayed_at FROM UNNEST(@failed_ids) AS failed_id`,
          params: {
            failed_ids: [...failedIds],
            replay_id: replayId,
            replayed_at: bigquery.timestamp(new Date(replayedAt)),
          },
        });
      } catch (error) {
        throw new TransientError(
          `${failedIds.length} failed events were published again and could not be marked: ${messageOf(error)}`,
          { cause: error },
        );
      }
    },
  };
}

function asParameter(bigquery: BigQuery, { kind, value }: Parameter): unknown {
  return kind === 'time' ? bigquery.timestamp(new Date(value)) : value;
}

/** A row with its times as text, and without the columns that are null. */
function failedEventOf(row: Readonly<Record<string, unknown>>): FailedEvent {
  const fields = Object.entries(row).flatMap(([name, value]) => {
    if (value === null || value === undefined) return [];
    const time = typeof value === 'object' ? (value as { readonly value?: unknown }).value : undefined;
    return [[name, time ?? value]];
  });
  return FailedEvent.parse(Object.fromEntries(fields));
}
