import { makeCatalog } from '../../emulators/shop/catalog.ts';
import { makeRandom, type Random } from '../../emulators/shop/random.ts';
import { makeShopper, type ShopEvent, visit } from '../../emulators/shop/shoppers.ts';

/** What is to become of an event. */
export type Fate = 'stored' | 'failed' | 'consent_dropped';

/** An event to send. */
export interface Step {
  readonly event: Readonly<Record<string, unknown>> & { readonly event_id: string };
  readonly fate: Fate;
  /** How far the shopper's clock is ahead. Milliseconds; 0 for most. */
  readonly skewMs: number;
  /** Whether it comes in a file where there are files, and not by a request: some shoppers buy at a till. */
  readonly byFile: boolean;
}

export interface Journeys {
  /** As they happened. */
  readonly steps: readonly Step[];
  /** Ids of events told by wrong clocks: when they happened is known to the length of a request. */
  readonly skewed: ReadonlySet<string>;
  /** Visitors, each a device. */
  readonly visitors: readonly string[];
}

export interface JourneysOptions {
  readonly seed: number;
  readonly events: number;
  /** When the last of it happened, epoch milliseconds. */
  readonly end: number;
}

const HOUR_MS = 3_600_000;
/** Of so many visitors, one comes by file. */
const TILL = 15;
const MAX_SKEW_MS = 2 * HOUR_MS;

/**
 * Shoppers' visits within an hour, as one stream: some log in half-way, some allow no personalization, some have wrong clocks; some
 * events are invalid, and some may not be stored.
 */
export function makeJourneys({ seed, events, end }: JourneysOptions): Journeys {
  const random = makeRandom(seed);
  const products = makeCatalog(seed, 1);
  const steps: (Step & { readonly at: number })[] = [];
  const skewed = new Set<string>();
  const visitors: string[] = [];
  while (steps.length < events) {
    const id = `visitor-${visitors.length}`;
    visitors.push(id);
    const skewMs = random.chance(0.1) ? random.below(2 * MAX_SKEW_MS) - MAX_SKEW_MS : 0;
    const start = end - HOUR_MS + random.below(HOUR_MS * 0.8);
    const byFile = skewMs === 0 && visitors.length % TILL === 0;
    const path = [...visit(random, products, makeShopper(random, products, id), start)];
    const manner = mannerOf(random, visitors.length, path.length);
    path.forEach((event, index) => {
      if (skewMs !== 0) skewed.add(event.event_id);
      steps.push({
        ...stepOf(random, event, manner(index), skewMs),
        byFile,
        at: Date.parse(event.event_time),
      });
    });
  }
  const ordered = steps.slice(0, events).sort((a, b) => a.at - b.at);
  return { steps: ordered.map(({ at: _, ...step }) => step), skewed, visitors };
}

/** What a visitor's events say beside what was clicked, by their number. */
function mannerOf(random: Random, number: number, length: number): (index: number) => object {
  const login = random.chance(0.3) ? Math.floor(length / 2) : Number.POSITIVE_INFINITY;
  const consent = random.chance(0.03) ? { consent: { analytics: true, personalization: false } } : {};
  return (index) => ({ ...consent, ...(index >= login ? { user_id: `user-${number}` } : {}) });
}

function stepOf(random: Random, event: ShopEvent, manner: object, skewMs: number): Omit<Step, 'byFile'> {
  const event_time = new Date(Date.parse(event.event_time) + skewMs).toISOString();
  const told = { ...event, ...manner, event_time };
  const luck = random.next();
  if (luck < 0.02) return { event: { ...told, items: 'none' }, fate: 'failed', skewMs };
  if (luck < 0.05) {
    return { event: { ...told, consent: { analytics: false } }, fate: 'consent_dropped', skewMs };
  }
  return { event: told, fate: 'stored', skewMs };
}
