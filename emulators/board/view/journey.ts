import { FUNCTIONS, TOPICS, type Topic, topicsOf } from '../../../shared/pipeline.ts';
import type { Journey, Step } from './protocol.ts';
import type { Handling, Hop, Trail } from './trails.ts';

/** What the visitor's screen shows. Epoch milliseconds. */
export interface Shown {
  /** The event that caused the recommendation on it. */
  readonly eventId: string;
  readonly writtenAt: number;
}

/** Where a click's receipt and the shopper's screen are drawn. */
const RECEIPT = 'ingest';
const SCREEN = 'screen';

/**
 * One event's way, from what was seen of it.
 * @param shown the visitor's screen, where it can be read
 * @param now ends what is still open; epoch milliseconds
 */
export function journeyOf(trail: Trail, shown: Shown | undefined, now: number): Journey {
  const steps = [
    ...receipt(trail),
    ...trail.hops.flatMap((hop) => hopSteps(hop, now)),
    ...screen(trail, shown),
  ];
  return {
    event_id: trail.eventId,
    event_name: trail.name ?? null,
    visitor: trail.visitor ?? null,
    trace_id: trail.traceId ?? null,
    outcome: outcomeOf(trail.hops),
    on_screen: trail.hops.some(({ topic }) => topic === TOPICS.recommendations)
      ? shown?.eventId === trail.eventId
      : null,
    steps: steps.sort((a, b) => a.from - b.from || a.to - b.to),
    forms: trail.forms,
  };
}

function receipt({ receivedAt, hops }: Trail): readonly Step[] {
  if (receivedAt === undefined) return [];
  const published = hops.find(({ topic }) => topic === TOPICS.raw || topic === TOPICS.failed)?.publishedAt;
  return [
    {
      title: 'received and made durable',
      place: RECEIPT,
      kind: 'work',
      from: receivedAt,
      to: Math.max(receivedAt, published ?? receivedAt),
      outcome: published === undefined ? 'open' : 'ok',
    },
  ];
}

function hopSteps({ topic, publishedAt, handlings, givenUpBy }: Hop, now: number): readonly Step[] {
  const readers = FUNCTIONS.filter((spec) => topicsOf(spec).includes(topic));
  return readers.flatMap(({ name }) => {
    const own = handlings.filter((handling) => handling.function === name);
    const failed = givenUpBy === undefined ? '' : ` (given up by ${givenUpBy})`;
    return deliveries(topic, name, publishedAt, own, now).map((step, index) =>
      index === 0 ? { ...step, title: step.title + failed } : step,
    );
  });
}

/** The waits and the work of one subscription. */
function deliveries(
  topic: Topic,
  name: string,
  publishedAt: number,
  handlings: readonly Handling[],
  now: number,
): readonly Step[] {
  const steps: Step[] = [];
  let since = publishedAt;
  for (const { from, to, ok } of handlings) {
    steps.push(wait(topic, name, since, Math.max(since, from), 'ok'));
    steps.push({
      title: ok ? `${name} handled it` : `${name} failed; it comes again`,
      place: name,
      kind: 'work',
      from,
      to,
      outcome: ok ? 'ok' : 'retried',
    });
    since = to;
  }
  if (!handlings.some(({ ok }) => ok)) steps.push(wait(topic, name, since, Math.max(since, now), 'open'));
  return steps;
}

function wait(topic: Topic, name: string, from: number, to: number, outcome: Step['outcome']): Step {
  return { title: `in ${topic}, for ${name}`, place: topic, kind: 'wait', from, to, outcome };
}

function screen({ eventId }: Trail, shown: Shown | undefined): readonly Step[] {
  if (shown?.eventId !== eventId) return [];
  const { writtenAt } = shown;
  return [
    {
      title: 'on the shopper’s screen',
      place: SCREEN,
      kind: 'point',
      from: writtenAt,
      to: writtenAt,
      outcome: 'ok',
    },
  ];
}

/** An event that is stored counts as stored even where a later stage failed on it, as in the view `conservation`. */
function outcomeOf(hops: readonly Hop[]): Journey['outcome'] {
  const refused = hops.some(({ givenUpBy }) => givenUpBy === WAREHOUSE);
  const stored = hops.some(
    ({ topic, handlings }) =>
      topic === TOPICS.enriched && handlings.some(({ function: name, ok }) => name === WAREHOUSE && ok),
  );
  if (stored && !refused) return 'stored';
  if (hops.some(({ topic }) => topic === TOPICS.consentDrops)) return 'dropped';
  if (hops.some(({ topic }) => topic === TOPICS.failed)) return 'failed';
  return 'under way';
}

const WAREHOUSE = 'warehouse';
