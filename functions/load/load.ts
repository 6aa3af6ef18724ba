import { stableId } from '../../shared/ids.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { makeEnding, uriOf } from './ending.ts';
import { FileRefused } from './formats/file-format.ts';
import { formatOf } from './formats/read-rows.ts';
import { type LoadOptions, type LoadReport, NOTHING, type RunContext } from './load-context.ts';
import type { LoadTask } from './load-task.ts';
import { objectPlace } from './object-name.ts';
import { planChunks } from './plan.ts';
import type { InboxObject, LoadRecord, StoredObject } from './ports.ts';
import { makeChunkReader, makeStreamReader, type ReadChunks } from './read-chunks.ts';

/**
 * Brings objects of the inbox bucket into the pipeline: their records to `clickstream-raw`, to the warehouse or into the
 * catalogue, and what is no record to `failed-events`. Both methods may be repeated, and throw what keeps them from going on:
 * deliver it again.
 */
export interface Load {
  /** A finalized object: tells its format and divides it into chunks. */
  onObject(object: InboxObject, context: RunContext): Promise<LoadReport>;
  /** A task from `load-chunks`. */
  onTask(task: LoadTask, context: RunContext): Promise<LoadReport>;
}

export function makeLoad(options: LoadOptions): Load {
  const { objects, sources, ledger, publisher, limits, clock = Date.now } = options;
  const ending = makeEnding(options);
  const readChunk = makeChunkReader(options, ending);
  const readStream = makeStreamReader(options, ending);

  /** Puts the chunks of a file on `load-chunks`; a file of one chunk is read at once. */
  const plan: ReadChunks = async (task, stored, record, context) => {
    const deadline = clock() + limits.runMs;
    let { index } = task;
    for await (const { from, until, last } of planChunks(stored, task.format, task.from, limits.chunkBytes)) {
      if (until === undefined)
        return readStream({ ...task, step: 'read', index, from }, stored, record, context);
      const chunk: LoadTask = { ...task, step: 'read', index, from, until };
      if (last && index === 0) {
        await ledger.setChunks(task.load_id, 1);
        return readChunk(chunk, stored, record, context);
      }
      if (clock() > deadline) {
        await publisher.publish(
          TOPICS.loadChunks,
          [{ ...task, step: 'plan', index, from }],
          context.outgoing,
        );
        return NOTHING;
      }
      await publisher.publish(TOPICS.loadChunks, [chunk], context.outgoing);
      index += 1;
    }
    await ledger.setChunks(task.load_id, index);
    await ending.conclude(task, task.load_id, context);
    return NOTHING;
  };

  /** Does the work; what a file's content makes impossible ends its load. */
  const run = async (
    object: InboxObject,
    record: LoadRecord,
    context: RunContext,
    work: () => Promise<LoadReport>,
  ): Promise<LoadReport> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FileRefused)) throw error;
      await ending.reject(object, record, error.message, context);
      return { ...NOTHING, failed: 1 };
    }
  };

  return {
    async onObject(object, context) {
      const place = objectPlace(object.name);
      if (!place) {
        context.log.info(
          `${uriOf(object)} is in no source's folder and was left alone; put files under <source>/`,
        );
        return NOTHING;
      }
      const stored = await objects.find(object);
      if (!stored) {
        context.log.warn(`${uriOf(object)} was gone before it was loaded; upload it again if it is wanted`);
        return NOTHING;
      }
      const load_id = stableId('load', object.bucket, object.name, object.generation);
      const name = place.kind === 'catalog' ? 'catalog' : place.source;
      const { size: bytes, checksum } = stored;
      const start = { load_id, object: uriOf(object), kind: place.kind, source: name, bytes, checksum };
      const record = await ledger.begin(start);
      if (record.state !== 'loading') return NOTHING;
      const same = await ledger.findDone(start);
      if (same !== undefined) {
        await ledger.end(load_id, { state: 'duplicate', reason: `load ${same} was of the same bytes` });
        context.log.info(`${uriOf(object)} has the bytes of a file that is loaded already`, {
          load_id: same,
        });
        return NOTHING;
      }
      return run(object, record, context, async () => {
        const source = sources.get(name);
        if (place.kind !== 'catalog' && !source) {
          const known = [...sources.keys()].join(', ');
          throw new FileRefused(
            `no source is named "${name}"; put the file under one of ${known}, or declare it in functions/load/sources`,
          );
        }
        const format = await formatOf(stored, source?.hints);
        if (!format) {
          await ledger.end(load_id, { state: 'done', read: 0, out: 0, failed: 0, chunks: 0 });
          return NOTHING;
        }
        const { bucket, generation } = object;
        const from = format.start;
        const task: LoadTask = {
          step: 'plan',
          load_id,
          bucket,
          name: object.name,
          generation,
          format,
          index: 0,
          from,
        };
        return plan(task, stored, record, context);
      });
    },
    async onTask(task, context) {
      const record = await ledger.find(task.load_id);
      if (record?.state !== 'loading') return NOTHING;
      const stored: StoredObject | undefined = await objects.find(task);
      if (!stored) {
        await ledger.end(task.load_id, {
          state: 'rejected',
          reason: 'the object was deleted while it was loaded',
        });
        context.log.error(`${uriOf(task)} was deleted while it was loaded; upload it again`);
        return NOTHING;
      }
      const read = task.until === undefined ? readStream : readChunk;
      return run(task, record, context, () =>
        (task.step === 'plan' ? plan : read)(task, stored, record, context),
      );
    },
  };
}
