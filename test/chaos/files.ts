import { gzipSync } from 'node:zlib';
import type { Step } from './journeys.ts';

/** A bucket, as far as files are put into it. */
export interface Inbox {
  file(name: string): {
    save(content: Buffer, options: { readonly resumable: boolean }): Promise<unknown>;
  };
}

export interface FilesOptions {
  readonly steps: readonly Step[];
  /** The inbox bucket. */
  readonly inbox: Inbox;
  /** How long it takes to put them all. */
  readonly seconds: number;
}

const FILES = 10;

/** Puts events into the inbox bucket, in some files, one after the other, every other one compressed. */
export async function putFiles({ steps, inbox, seconds }: FilesOptions): Promise<void> {
  const began = Date.now();
  const size = Math.ceil(steps.length / FILES);
  for (let index = 0; index * size < steps.length; index += 1) {
    const due = began + (index * seconds * 1000) / FILES - Date.now();
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
    const lines = steps.slice(index * size, (index + 1) * size).map(({ event }) => JSON.stringify(event));
    const text = Buffer.from(lines.join('\n'));
    const packed = index % 2 === 1;
    await inbox
      .file(`live/native/till-${index}.ndjson${packed ? '.gz' : ''}`)
      .save(packed ? gzipSync(text) : text, { resumable: false });
  }
}
