import type { BigQuery } from '@google-cloud/bigquery';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { rawTable, TABLES } from '../../shared/pipeline.ts';
import type { Mentions } from './mentions.ts';
import type { Counts, PeopleRows, Person } from './ports.ts';

export interface BigQueryPeopleOptions {
  readonly bigquery: BigQuery;
  readonly project: string;
  readonly dataset: string;
  /** Reads a payload that is too long for its row. */
  readonly readPayload: (uri: string) => Promise<string | undefined>;
}

type Params = Readonly<Record<string, unknown>>;

/** Rows of one person: the user's own, and those of devices that are this person's alone and name no other user. */
const OF_PERSON =
  '(user_key IN UNNEST(@keys) OR (visitor_id IN UNNEST(@visitors) AND user_id IS NULL) OR user_id IN UNNEST(@keys))';
const RECOMMENDED = '(user_key IN UNNEST(@keys) OR visitor_id IN UNNEST(@visitors))';

/**
 * People in BigQuery, by DML. Rows that the Storage Write API wrote lately can be changed by it; where BigQuery still refuses for
 * rows in its streaming buffer, the views hide them by the tombstone, and the sweep deletes them.
 * https://cloud.google.com/bigquery/docs/data-manipulation-language#limitations
 */
export function makeBigQueryPeople(options: BigQueryPeopleOptions): PeopleRows {
  const { bigquery, project, dataset, readPayload } = options;
  const name = (table: string): string => `\`${project}.${dataset}.${table}\``;
  const [events, recommendations, failed] = [TABLES.events, TABLES.recommendations, TABLES.failed].map(
    (table) => name(rawTable(table)),
  );

  /** Runs DML and answers how many rows it changed. */
  const change = async (query: string, params: Params): Promise<number> => {
    const [job] = await bigquery.createQueryJob({ query, params, types: typesOf(params) });
    await job.getQueryResults();
    const [metadata] = (await job.getMetadata()) as readonly {
      readonly statistics?: { readonly query?: { readonly numDmlAffectedRows?: string } };
    }[];
    return Number(metadata?.statistics?.query?.numDmlAffectedRows ?? 0);
  };

  const paramsOf = ({ userKey, visitors }: Person): Params => ({
    keys: [...(userKey === undefined ? [] : [userKey]), ...visitors],
    visitors: [...visitors],
  });

  /** `failed_id`s of the failed events that are about the person. */
  const failedOf = async (mentions: Mentions, until: string): Promise<readonly string[]> => {
    const params = { needles: [...mentions.needles], until };
    const query = `SELECT failed_id, payload, payload_uri FROM ${failed}
      WHERE IFNULL(received_at, failed_at) <= TIMESTAMP(@until)
        AND (payload_uri IS NOT NULL
          OR EXISTS (SELECT 1 FROM UNNEST(@needles) AS needle WHERE STRPOS(LOWER(payload), needle) > 0))`;
    const found: string[] = [];
    for await (const row of bigquery.createQueryStream({ query, params, types: typesOf(params) })) {
      const { failed_id, payload, payload_uri } = row as Readonly<Record<string, string | null>>;
      const whole = payload_uri ? await readPayload(payload_uri) : undefined;
      if (failed_id && mentions.in(whole ?? payload ?? '')) found.push(failed_id);
    }
    return [...new Set(found)];
  };

  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw new TransientError(`the warehouse did not erase a person: ${messageOf(error)}`, { cause: error });
    }
  };

  return {
    visitorsOf: (userKey) =>
      explained(async () => {
        const [rows] = await bigquery.query({
          query: `SELECT DISTINCT visitor_id FROM ${events} WHERE user_key = @key OR user_id = @key`,
          params: { key: userKey },
        });
        return (rows as readonly { readonly visitor_id: string }[]).map((row) => row.visitor_id);
      }),

    bury: (hashes, until) =>
      explained(async () => {
        await change(
          `INSERT INTO ${name(rawTable(TABLES.forgotten))} (key_hash, forgotten_at)
           SELECT key_hash, TIMESTAMP(@until) FROM UNNEST(@hashes) AS key_hash`,
          { hashes: [...hashes], until },
        );
      }),

    erase: (person, until, mentions): Promise<Counts> =>
      explained(async () => {
        const params = { ...paramsOf(person), until };
        const before = 'LEAST(event_time, received_at) <= TIMESTAMP(@until)';
        const failedIds = await failedOf(mentions, until);
        await change(
          `INSERT INTO ${name(rawTable(TABLES.consentDrops))} (event_id, dropped_at)
           SELECT DISTINCT event_id, CURRENT_TIMESTAMP() FROM (
             SELECT event_id FROM ${events} WHERE ${OF_PERSON} AND ${before}
             UNION ALL
             SELECT event_id FROM ${failed} WHERE failed_id IN UNNEST(@failed_ids) AND event_id IS NOT NULL)`,
          { ...params, failed_ids: failedIds },
        );
        return {
          bigquery_events: await change(`DELETE FROM ${events} WHERE ${OF_PERSON} AND ${before}`, params),
          bigquery_recommendations: await change(
            `DELETE FROM ${recommendations}
             WHERE ${RECOMMENDED} AND LEAST(generated_at, IFNULL(trigger.event_time, generated_at)) <= TIMESTAMP(@until)`,
            params,
          ),
          bigquery_failed_events:
            failedIds.length === 0
              ? 0
              : await change(`DELETE FROM ${failed} WHERE failed_id IN UNNEST(@failed_ids)`, {
                  failed_ids: failedIds,
                }),
        };
      }),
  };
}

/** An empty list does not tell its type. */
function typesOf(params: Params): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [key, Array.isArray(value) ? ['STRING'] : 'STRING']),
  );
}
