import { TOPICS } from '../../shared/pipeline.ts';
import { ENOUGH_RECORDS, type Ending } from './ending.ts';
import { readRowGroups } from './formats/read-rows.ts';
import type { Place } from './formats/row.ts';
import { type LoadOptions, type LoadReport, NOTHING, type RunContext } from './load-context.ts';
import type { LoadTask } from './load-task.ts';
import type { LoadRecord, StoredObject } from './ports.ts';
import { makeSinks } from './sinks/sinks.ts';

/** Reads what a task asks for; its outputs are durable when it resolves. */
export type ReadChunks = (
  task: LoadTask,
  stored: StoredObject,
  record: LoadRecord,
  context: RunContext,
) => Promise<LoadReport>;

/** Reads one chunk of known bounds. */
export function makeChunkReader(options: LoadOptions, ending: Ending): ReadChunks {
  const { ledger, sources } = options;
  const sinkFor = makeSinks(options);
  return async (task, stored, record, context) => {
    const { load_id, index, from, until } = task;
    if (await ledger.isDone(load_id, index)) {
      // The run that ended the last chunk may have died before it ended the load.
      await ending.conclude(task, load_id, context);
      return NOTHING;
    }
    const sink = sinkFor(task, stored, record, index, context);
    const columns = sources.get(record.source)?.columns;
    try {
      for await (const rows of readRowGroups(stored, task.format, { from, until }, columns)) {
        await sink.add(rows);
        if (sink.counts.read >= ENOUGH_RECORDS && ending.tooBad(sink.counts)) break;
      }
      await sink.finish();
    } catch (error) {
      sink.abort();
      throw error;
    }
    await ledger.finishChunk(load_id, index, sink.counts);
    await ending.conclude(task, load_id, context, sink.samples);
    return sink.counts;
  };
}

/**
 * Reads a file that can be read only from its beginning, chunk after chunk, each entered before the next is begun: a run that
 * dies, or whose time is over, is followed by one that goes on from there.
 */
export function makeStreamReader(options: LoadOptions, ending: Ending): ReadChunks {
  const { ledger, publisher, limits, clock = Date.now } = options;
  const sinkFor = makeSinks(options);
  return async (task, stored, record, context) => {
    const { load_id, format } = task;
    const deadline = clock() + limits.runMs;
    let { index, place } = record.checkpoint ?? { index: task.index, place: task.from };
    let sink = sinkFor(task, stored, record, index, context);
    let total = NOTHING;
    /** Enters the chunk; true where the file is to be read on. */
    const close = async (next?: Place): Promise<boolean> => {
      await sink.finish();
      await ledger.finishChunk(load_id, index, sink.counts, next);
      total = sum(total, sink.counts);
      const early = sink.counts.read >= ENOUGH_RECORDS && ending.tooBad(sink.counts);
      if (next && !early) return true;
      if (!next) await ledger.setChunks(load_id, index + 1);
      await ending.conclude(task, load_id, context, sink.samples);
      return false;
    };

    try {
      for await (const rows of readRowGroups(stored, format, { from: place })) {
        const first = rows[0];
        if (first && first.offset - place.offset >= limits.chunkBytes) {
          place = { offset: first.offset, line: first.line };
          if (!(await close(place))) return total;
          index += 1;
          if (clock() > deadline) {
            await publisher.publish(TOPICS.loadChunks, [{ ...task, index, from: place }], context.outgoing);
            return total;
          }
          sink = sinkFor(task, stored, record, index, context);
        }
        await sink.add(rows);
      }
      await close();
      return total;
    } catch (error) {
      sink.abort();
      throw error;
    }
  };
}

function sum(a: LoadReport, b: LoadReport): LoadReport {
  return { read: a.read + b.read, out: a.out + b.out, failed: a.failed + b.failed };
}
