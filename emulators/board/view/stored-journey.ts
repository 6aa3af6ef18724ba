import { DATASET, TABLES } from '../../../shared/pipeline.ts';
import { type QueryRows, records } from './bigquery-rows.ts';
import type { Form, Journey, Step } from './protocol.ts';

const BOUNDS = { rows: 20, ms: 20_000 } as const;

type Row = Readonly<Record<string, unknown>>;

/**
 * One event's way as the warehouse has it: of any event, also one that nobody watched. Undefined where it is not there.
 * Times are those that functions wrote down; the waits between are not known.
 */
export async function storedJourney(query: QueryRows, eventId: string): Promise<Journey | undefined> {
  const from = (table: string, where: string) =>
    query(`SELECT * FROM ${DATASET}.${table} WHERE ${where} LIMIT ${BOUNDS.rows}`, { id: eventId }, BOUNDS);
  const [events, recommendations, failures, drops] = (
    await Promise.all([
      from(TABLES.events, 'event_id = @id'),
      from(TABLES.recommendations, '`trigger`.event_id = @id'),
      from(TABLES.failed, 'event_id = @id'),
      from(TABLES.consentDrops, 'event_id = @id'),
    ])
  ).map(records) as [readonly Row[], readonly Row[], readonly Row[], readonly Row[]];
  const [event] = events;
  const [first] = [...events, ...failures, ...recommendations, ...drops];
  if (!first) return undefined;
  const steps = [
    ...events.flatMap((row) => [
      step('received', 'ingest', row.received_at, row.received_at),
      step('cleaned and joined; stored in the warehouse', 'enrich', row.received_at, row.enriched_at),
    ]),
    ...recommendations.map((row) =>
      step(`recommended by ${row.model_version}`, 'recommend', event?.enriched_at, row.generated_at),
    ),
    ...failures.map((row) =>
      step(`given up: ${row.message}`, String(row.function), row.failed_at, row.failed_at, true),
    ),
    ...drops.map((row) => step('dropped for want of consent', 'enrich', row.dropped_at, row.dropped_at)),
  ].filter((each) => each !== undefined);
  return {
    event_id: eventId,
    event_name: event ? String(event.event_name) : null,
    visitor: event ? String(event.visitor_id) : null,
    trace_id: null,
    outcome: event ? 'stored' : drops.length > 0 ? 'dropped' : failures.length > 0 ? 'failed' : 'under way',
    on_screen: null,
    steps: steps.sort((a, b) => a.from - b.from || a.to - b.to),
    forms: [
      ...forms(TABLES.events, events),
      ...forms(TABLES.recommendations, recommendations),
      ...forms(TABLES.failed, failures),
      ...forms(TABLES.consentDrops, drops),
    ],
  };
}

/** Undefined where the row has no such time. */
function step(title: string, place: string, from: unknown, to: unknown, failed = false): Step | undefined {
  const [end, start] = [Date.parse(String(to)), Date.parse(String(from ?? to))];
  if (Number.isNaN(end)) return undefined;
  const begin = Number.isNaN(start) ? end : Math.min(start, end);
  const kind = begin === end ? 'point' : 'work';
  return { title, place, kind, from: begin, to: end, outcome: failed ? 'failed' : 'ok' };
}

function forms(table: string, rows: readonly Row[]): readonly Form[] {
  return rows.map((row) => ({ title: `table ${table}`, json: JSON.stringify(row, null, 2) }));
}
