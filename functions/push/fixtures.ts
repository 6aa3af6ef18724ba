import type { BatchContext } from '../../shared/batch-function.ts';
import type { Recommendation } from '../../shared/events.ts';
import { silentLogger } from '../../shared/log.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { freshnessOf } from './freshness.ts';
import type { Screen } from './screen.ts';
import type { Device, Devices, Screens } from './update-screens.ts';

/** The tests' present: 2026-11-21T12:00:00Z. */
export const NOW = Date.UTC(2026, 10, 21, 12);

export const at = (offsetMs: number): string => new Date(NOW + offsetMs).toISOString();

/** A recommendation triggered `eventOffset` milliseconds from `NOW`, and answered 100 ms later. */
export function recommendation(
  visitorId: string,
  eventOffset = -1000,
  overrides: Partial<Recommendation> = {},
): Recommendation {
  return {
    recommendation_id: `${visitorId}@${eventOffset}`,
    user_key: visitorId,
    visitor_id: visitorId,
    generated_at: at(eventOffset + 100),
    trigger: {
      event_id: `e${eventOffset}`,
      event_name: 'view_item',
      event_time: at(eventOffset),
      received_at: at(eventOffset + 10),
    },
    items: [{ item_id: 'shoe', score: 0.9, reason: 'Because you looked at socks' }],
    source: 'model',
    model_version: 'm1',
    ...overrides,
  };
}

export const device = (visitorId: string, token = `token-of-${visitorId}`): Device => ({
  visitorId,
  token,
  registration: { path: `devices/${visitorId}/tokens/${token}`, version: '1.0' },
});

/** Screens in memory, and what they hold. */
export interface MemoryScreens extends Screens {
  readonly documents: ReadonlyMap<string, Screen>;
  readonly reads: number;
}

/** `beforeWrite` runs between a read and the write that follows, as another instance would. */
export function makeMemoryScreens(beforeWrite: () => Promise<void> = async () => undefined): MemoryScreens {
  const documents = new Map<string, Screen>();
  const versions = new Map<string, number>();
  let reads = 0;
  return {
    documents,
    get reads() {
      return reads;
    },
    async read(visitorIds) {
      reads += 1;
      return new Map(
        visitorIds.flatMap((visitor) => {
          const document = documents.get(visitor);
          if (!document) return [];
          const notified = document.notified_at;
          const shown = {
            ...freshnessOf(document),
            ...(notified === undefined ? {} : { notifiedAt: Date.parse(notified) }),
            version: `${versions.get(visitor)}.0`,
          };
          return [[visitor, shown] as const];
        }),
      );
    },
    async write(writes) {
      await beforeWrite();
      const conflicts = new Set<string>();
      for (const { visitorId, screen, version } of writes) {
        const current = versions.get(visitorId);
        if ((current === undefined ? undefined : `${current}.0`) !== version) {
          conflicts.add(visitorId);
          continue;
        }
        documents.set(visitorId, { ...documents.get(visitorId), ...screen });
        versions.set(visitorId, (current ?? 0) + 1);
      }
      return conflicts;
    },
  };
}

/** Devices in memory: one of each visitor named. */
export function makeMemoryDevices(
  ...visitorIds: readonly string[]
): Devices & { readonly removed: Device[] } {
  const removed: Device[] = [];
  return {
    removed,
    find: async (asked) =>
      new Map(asked.filter((each) => visitorIds.includes(each)).map((each) => [each, [device(each)]])),
    async remove(devices) {
      removed.push(...devices);
    },
  };
}

export const context: BatchContext = {
  topic: TOPICS.recommendations,
  messageId: 'm1',
  publishTime: at(0),
  attributes: {},
  log: silentLogger,
  outgoing: {},
};
