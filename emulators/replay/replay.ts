import { basename } from 'node:path';
import { readRows } from '../../functions/load/formats/read-rows.ts';
import { mapRowLeniently } from '../../functions/load/map-row.ts';
import type { Source } from '../../functions/load/source.ts';
import type { IngestClient } from '../ingest-client.ts';

export interface ReplayOptions {
  readonly file: string;
  readonly source: Source;
  readonly ingest: IngestClient;
  /** Seconds of the file that pass in one second; without it, as fast as ingest accepts. */
  readonly speed?: number | undefined;
  /** Called once half of the rows are accepted, before the others are sent. */
  readonly atHalf?: (soFar: Replayed) => Promise<void>;
  readonly onProgress?: (soFar: Replayed) => void;
}

/** Counts of a replay. `accepted` counts what ingest made durable, on `failed-events` included; `rejected` those alone. */
export interface Replayed {
  readonly read: number;
  readonly sent: number;
  readonly accepted: number;
  readonly rejected: number;
}

/** Events in one request, and requests at a time. */
const REQUEST_EVENTS = 250;
const REQUESTS = 4;

/**
 * Sends a file's rows through ingest, in order, as if the newest had happened now. A row that is no event is sent as
 * far as it can be read, so that the pipeline, not the sender, puts it on record.
 */
export async function replayFile(options: ReplayOptions): Promise<Replayed> {
  const { file, source, ingest, speed } = options;
  const survey = await surveyFile(file, source);
  const shiftMs = survey.newest === undefined ? 0 : Date.now() - survey.newest;
  const began = Date.now();
  // Replayed again into kept data, the same rows are new events, at new times.
  const run = `${basename(file)} at ${began}`;
  const counts = { read: 0, sent: 0, accepted: 0, rejected: 0 };
  const running = new Set<Promise<void>>();
  let failure: unknown;
  let batch: object[] = [];
  let halfDone = options.atHalf === undefined;

  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const events = batch;
    batch = [];
    while (running.size >= REQUESTS) await Promise.race(running);
    if (failure !== undefined) throw failure;
    counts.sent += events.length;
    const request = ingest.send(events).then(
      ({ accepted, rejected }) => {
        counts.accepted += accepted + rejected;
        counts.rejected += rejected;
        options.onProgress?.(counts);
      },
      (error: unknown) => {
        failure ??= error;
      },
    );
    running.add(request);
    void request.finally(() => running.delete(request));
  };
  const settle = async (): Promise<void> => {
    await flush();
    await Promise.all(running);
    if (failure !== undefined) throw failure;
  };

  for await (const row of readRows(file, source.hints)) {
    counts.read += 1;
    const { event } = mapRowLeniently(source, row, { file: run, shiftMs });
    const due = speed === undefined ? undefined : timeOf(event);
    if (due !== undefined && speed !== undefined && survey.oldest !== undefined) {
      const at = began + (due - shiftMs - survey.oldest) / speed;
      if (at > Date.now()) {
        await flush();
        await new Promise((resolve) => setTimeout(resolve, at - Date.now()));
      }
    }
    batch.push(event);
    if (batch.length === REQUEST_EVENTS) await flush();
    if (!halfDone && counts.read >= survey.rows / 2) {
      halfDone = true;
      await settle();
      await options.atHalf?.(counts);
    }
  }
  await settle();
  return counts;
}

interface Survey {
  readonly rows: number;
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
}

/** Counts a file's rows and finds its span of time, in epoch milliseconds. */
async function surveyFile(file: string, source: Source): Promise<Survey> {
  let rows = 0;
  let oldest: number | undefined;
  let newest: number | undefined;
  for await (const row of readRows(file, source.hints)) {
    rows += 1;
    const at = timeOf(mapRowLeniently(source, row, { file: basename(file) }).event);
    if (at === undefined) continue;
    if (oldest === undefined || at < oldest) oldest = at;
    if (newest === undefined || at > newest) newest = at;
  }
  return { rows, oldest, newest };
}

function timeOf(event: Readonly<Record<string, unknown>>): number | undefined {
  const at = Date.parse(String(event.event_time));
  return Number.isNaN(at) ? undefined : at;
}
