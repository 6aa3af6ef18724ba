import { messageOf, TransientError } from '../../shared/errors.ts';
import type { Product, Recommendation } from '../../shared/events.ts';
import type { Logger } from '../../shared/log.ts';
import { type Freshness, freshnessOf, isNewer, newestPerVisitor } from './freshness.ts';
import { makeScreen, type Screen } from './screen.ts';

/** What is on a visitor's screen. */
export interface ShownScreen extends Freshness {
  /** Epoch milliseconds; absent where the visitor's devices were never messaged. */
  readonly notifiedAt?: number;
  /** Names the state of the document; a write that carries it fails once the document has changed. */
  readonly version: string;
}

export interface ScreenWrite {
  readonly visitorId: string;
  readonly screen: Screen;
  /** The state to replace; absent where there is no document. */
  readonly version: string | undefined;
}

/** Where screens are kept. */
export interface Screens {
  /** @throws TransientError when they cannot be read. */
  read(visitorIds: readonly string[]): Promise<ReadonlyMap<string, ShownScreen>>;
  /**
   * Writes each screen whose document is still in the state named, and returns the visitors whose document was not.
   * @throws TransientError when any other write failed; some may have been made.
   */
  write(writes: readonly ScreenWrite[]): Promise<ReadonlySet<string>>;
}

/** A device registered for push messages. */
export interface Device {
  readonly visitorId: string;
  /** Identifies the registration, with its state; names what `remove` may delete. */
  readonly registration: { readonly path: string; readonly version: string };
  readonly token: string;
}

/** Who can be reached. */
export interface Devices {
  /** The devices of those visitors that have any. */
  find(visitorIds: readonly string[]): Promise<ReadonlyMap<string, readonly Device[]>>;
  /** Forgets registrations that are dead, unless they were renewed meanwhile. */
  remove(devices: readonly Device[]): Promise<void>;
}

/** What became of one recommendation. */
export type Outcome =
  | { readonly kind: 'stale' }
  | { readonly kind: 'written'; readonly writtenAt: number; readonly devices: readonly Device[] };

export interface UpdateScreensOptions {
  readonly screens: Screens;
  /** Undefined where push messages are off. */
  readonly devices: Devices | undefined;
  readonly catalog: { products(ids: Iterable<string>): Promise<ReadonlyMap<string, Product>> };
  readonly log: Logger;
  readonly clock: () => number;
  readonly keepMs: number;
  /** One visitor's devices are messaged at most once in this time. Milliseconds. */
  readonly windowMs: number;
  /** Older triggers cause no message. Milliseconds. */
  readonly maxAgeMs: number;
  /** Rounds of reading and writing before a contended document is left to redelivery. */
  readonly maxRounds: number;
}

/**
 * Puts each visitor's newest recommendation on the screen, if it is newer than what is there; concurrent instances
 * cannot overwrite a newer one, since each write holds only for the document as read. Returns one outcome per
 * recommendation, in order; those written carry the devices to message.
 */
export function makeUpdateScreens(options: UpdateScreensOptions) {
  const { screens, devices, catalog, log, clock, keepMs, windowMs, maxAgeMs, maxRounds } = options;

  const mayNotify = (candidate: Recommendation, shown: ShownScreen | undefined, now: number): boolean =>
    candidate.trigger.event_name !== REFRESH &&
    now - Date.parse(candidate.trigger.event_time) <= maxAgeMs &&
    (shown?.notifiedAt === undefined || now - shown.notifiedAt >= windowMs);

  const findDevices = async (
    visitorIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Device[]>> => {
    if (!devices || visitorIds.length === 0) return new Map();
    try {
      return await devices.find(visitorIds);
    } catch (error) {
      log.warn(`devices could not be read, nobody is messaged: ${messageOf(error)}`, { error });
      return new Map();
    }
  };

  const findProducts = async (candidates: Iterable<Recommendation>) => {
    const ids = new Set([...candidates].flatMap(({ items }) => items.map(({ item_id }) => item_id)));
    try {
      return await catalog.products(ids);
    } catch (error) {
      log.warn(`the catalogue could not be read, items go without titles: ${messageOf(error)}`, { error });
      return new Map<string, Product>();
    }
  };

  return async (recommendations: readonly Recommendation[]): Promise<readonly Outcome[]> => {
    const written = new Map<Recommendation, Outcome>();
    let open = newestPerVisitor(recommendations);
    const products = await findProducts(open.values());
    for (let round = 1; open.size > 0; round += 1) {
      if (round > maxRounds) {
        throw new TransientError(
          `${open.size} screens changed under each of ${maxRounds} attempts to write them; the batch will be delivered again`,
        );
      }
      const shown = await screens.read([...open.keys()]);
      const newer = new Map(
        [...open].filter(([visitor, candidate]) => {
          const current = shown.get(visitor);
          return !current || isNewer(freshnessOf(candidate), current);
        }),
      );
      const now = clock();
      const reachable = await findDevices(
        [...newer].flatMap(([visitor, each]) => (mayNotify(each, shown.get(visitor), now) ? [visitor] : [])),
      );
      const writes = [...newer].map(([visitorId, candidate]) => ({
        visitorId,
        screen: makeScreen(candidate, { now, keepMs, products, notifies: reachable.has(visitorId) }),
        version: shown.get(visitorId)?.version,
      }));
      const conflicts = writes.length === 0 ? new Set<string>() : await screens.write(writes);
      const writtenAt = clock();
      for (const [visitor, candidate] of newer) {
        if (conflicts.has(visitor)) continue;
        written.set(candidate, { kind: 'written', writtenAt, devices: reachable.get(visitor) ?? [] });
      }
      open = new Map([...newer].filter(([visitor]) => conflicts.has(visitor)));
    }
    return recommendations.map((each) => written.get(each) ?? { kind: 'stale' });
  };
}

/** The trigger of recommendations made anew after a deploy; the shopper did nothing. */
export const REFRESH = 'refresh';
