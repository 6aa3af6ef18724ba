import type { Route } from '../../shared/batch-function.ts';
import { TransientError } from '../../shared/errors.ts';
import { FailedEvent, RawEvent } from '../../shared/events.ts';
import { silentLogger } from '../../shared/log.ts';
import { TOPICS, type Topic } from '../../shared/pipeline.ts';
import type { ChunkPublisher, Publisher } from '../../shared/publisher.ts';
import { bufferSource } from './formats/byte-source.ts';
import { makeLoad } from './load.ts';
import type { LoadLimits, LoadReport, Staging } from './load-context.ts';
import { LoadTask } from './load-task.ts';
import type { Counts, Ledger, LoadRecord, ObjectStore } from './ports.ts';
import type { ProductPatch } from './sinks/product-record.ts';
import { loadSources } from './sources.ts';

/** For tests: when files are loaded. */
export const NOW = Date.UTC(2026, 10, 21);

/** For tests: the columns of a file of the source `retailrocket`. */
export const HEADER = 'timestamp_s,visitorid,event,itemid,sessionid,categoryid';

/** For tests: that many different records, beginning at one. */
export function linesOf(count: number, first = 0): string[] {
  return Array.from({ length: count }, (_each, index) => {
    const n = first + index;
    return `${1441852593 + n},${n % 7},view,${n},100,7`;
  });
}

/** For tests: a file of these records. */
export function csvOf(lines: readonly string[]): string {
  return [HEADER, ...lines].join('\n');
}

/** For tests: a ledger in memory. */
export function memoryLedger() {
  const loads = new Map<string, LoadRecord & { readonly reason?: string }>();
  const chunks = new Map<string, Counts>();
  const of = (loadId: string): Counts[] =>
    [...chunks].flatMap(([key, counts]) => (key.startsWith(`${loadId}/`) ? [counts] : []));
  const merge = (loadId: string, fields: Partial<LoadRecord>): void => {
    const known = loads.get(loadId);
    if (known) loads.set(loadId, { ...known, ...fields });
  };
  const ledger: Ledger = {
    begin: async (load) => {
      const record = loads.get(load.load_id) ?? { ...load, state: 'loading' };
      loads.set(load.load_id, record);
      return record;
    },
    find: async (loadId) => loads.get(loadId),
    findDone: async ({ load_id, checksum, kind, source }) =>
      [...loads.values()].find(
        (other) =>
          other.load_id !== load_id &&
          other.state === 'done' &&
          other.checksum === checksum &&
          other.kind === kind &&
          other.source === source,
      )?.load_id,
    setChunks: async (loadId, count) => merge(loadId, { chunks: count }),
    isDone: async (loadId, index) => chunks.has(`${loadId}/${index}`),
    finishChunk: async (loadId, index, { read, out, failed }, place) => {
      chunks.set(`${loadId}/${index}`, { read, out, failed });
      if (place) merge(loadId, { checkpoint: { index: index + 1, place } });
    },
    totals: async (loadId) => ({
      chunks: of(loadId).length,
      read: of(loadId).reduce((sum, { read }) => sum + read, 0),
      out: of(loadId).reduce((sum, { out }) => sum + out, 0),
      failed: of(loadId).reduce((sum, { failed }) => sum + failed, 0),
    }),
    end: async (loadId, ending) => merge(loadId, ending),
  };
  return { ledger, loads };
}

/** For tests: cleans nothing, and puts events where cleaned ones go. */
const passThrough = (to: Publisher): Route<RawEvent> => ({
  schema: RawEvent,
  handle: async (events) => {
    await to.publish(TOPICS.enriched, events);
    return { out: events.length };
  },
});

/** For tests: Cloud Storage, Pub/Sub and the warehouse in memory, around the real load. */
export function makeInbox(
  limits: Partial<LoadLimits> = {},
  publisher: Partial<Publisher & ChunkPublisher> = {},
  clock = () => NOW,
) {
  const files = new Map<string, Buffer>();
  const reports = new Map<string, object>();
  const published = new Map<Topic, object[]>();
  const publishes: { readonly topic: Topic; readonly count: number }[] = [];
  const staged = new Map<string, object[]>();
  /** Those that are neither committed nor aborted. */
  const uploads = new Set<readonly object[]>();
  const jobs = new Set<string>();
  const warehouse: object[] = [];
  const catalog = new Map<string, ProductPatch>();
  const { ledger, loads } = memoryLedger();
  /** Calls of the stores that succeed before one fails, once. */
  let faultAfter = Number.POSITIVE_INFINITY;
  const step = (): void => {
    faultAfter -= 1;
    if (faultAfter < 0) {
      faultAfter = Number.POSITIVE_INFINITY;
      throw new TransientError('the function died here');
    }
  };
  const faulty: Ledger = Object.fromEntries(
    Object.entries(ledger).map(([name, method]) => [
      name,
      async (...args: never[]) => {
        step();
        return (method as (...rest: never[]) => Promise<unknown>)(...args);
      },
    ]),
  ) as unknown as Ledger;

  const publish = async (topic: Topic, events: readonly object[]): Promise<void> => {
    step();
    publishes.push({ topic, count: events.length });
    published.set(topic, [...(published.get(topic) ?? []), ...events]);
  };

  const objects: ObjectStore = {
    find: async ({ name }) => {
      const bytes = files.get(name);
      if (bytes === undefined) return undefined;
      const { size, read } = bufferSource(bytes, 1_000);
      return {
        size,
        async *read(range) {
          for await (const piece of read(range)) {
            step();
            yield piece;
          }
        },
        checksum: bytes.toString('base64'),
        createdAt: NOW,
      };
    },
    reject: async ({ name }, report) => {
      const bytes = files.get(name);
      if (bytes) files.set(`rejected/${name}`, bytes);
      files.delete(name);
      reports.set(name, report);
    },
  };
  const staging: Staging = {
    open: (loadId, chunk) => {
      const rows: object[] = [];
      uploads.add(rows);
      return {
        write: async (events) => {
          step();
          rows.push(...events);
        },
        commit: async () => {
          step();
          staged.set(`${loadId}/${chunk}`, rows);
          uploads.delete(rows);
        },
        abort: () => {
          uploads.delete(rows);
        },
      };
    },
    // As a load job that is named after the load: it runs once.
    load: async (loadId) => {
      if (jobs.has(loadId)) return;
      jobs.add(loadId);
      for (const [key, rows] of staged) {
        if (!key.startsWith(`${loadId}/`)) continue;
        warehouse.push(...rows);
        staged.delete(key);
      }
    },
    discard: async (loadId) => {
      for (const key of staged.keys()) if (key.startsWith(`${loadId}/`)) staged.delete(key);
    },
  };
  const load = makeLoad({
    identity: { name: 'load', version: '1' },
    objects,
    sources: loadSources(),
    ledger: faulty,
    publisher: {
      publish,
      publishChunks: async (topic, chunks) => {
        for (const { data } of chunks) await publish(topic, JSON.parse(`[${data}]`) as object[]);
      },
      ...publisher,
    },
    products: {
      upsert: async (products) => {
        for (const product of products) {
          catalog.set(product.item_id, { ...catalog.get(product.item_id), ...product });
        }
      },
    },
    staging,
    cleaning: passThrough,
    limits: { chunkBytes: 1_000_000, runMs: 60_000, maxBadShare: 0.7, concurrency: 2, ...limits },
    clock,
  });
  const context = { outgoing: {}, log: silentLogger };

  /** Runs the tasks that are on the topic, and those that follow from them; each again until it succeeds. */
  const work = async (): Promise<void> => {
    for (;;) {
      const [task, ...others] = LoadTask.array().parse(published.get(TOPICS.loadChunks) ?? []);
      if (!task) return;
      published.set(TOPICS.loadChunks, others);
      await untilItSucceeds(() => load.onTask(task, context));
    }
  };
  const untilItSucceeds = async (run: () => Promise<LoadReport>): Promise<LoadReport> => {
    for (;;) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
      }
    }
  };

  return {
    load,
    context,
    files,
    reports,
    publishes,
    warehouse,
    catalog,
    staged,
    uploads,
    loads: () => [...loads.values()],
    failAfter: (calls: number) => {
      faultAfter = calls;
    },
    /** Puts a file, and runs everything that follows from it, again where it fails. */
    async put(name: string, bytes: string | Buffer, generation = '1'): Promise<void> {
      files.set(name, Buffer.from(bytes));
      await untilItSucceeds(() => load.onObject({ bucket: 'inbox', name, generation }, context));
      await work();
    },
    work,
    tasks: () => LoadTask.array().parse(published.get(TOPICS.loadChunks) ?? []),
    raw: () => RawEvent.array().parse(published.get(TOPICS.raw) ?? []),
    failed: () => FailedEvent.array().parse(published.get(TOPICS.failed) ?? []),
  };
}
