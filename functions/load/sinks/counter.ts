import type { Row } from '../formats/row.ts';
import type { Counts, Sink } from '../ports.ts';

/** Failed records that a report shows. */
const SAMPLES = 20;

/** Counts of a sink while it works. */
export interface Counter extends Pick<Sink, 'counts' | 'samples'> {
  passed(): void;
  failed(row: Row, message: string): void;
}

export function makeCounter(): Counter {
  const counts = { read: 0, out: 0, failed: 0 };
  const samples: { line: number; offset: number; message: string }[] = [];
  return {
    counts: counts satisfies Counts,
    samples,
    passed: () => {
      counts.read += 1;
      counts.out += 1;
    },
    failed: ({ line, offset }, message) => {
      counts.read += 1;
      counts.failed += 1;
      if (samples.length < SAMPLES) samples.push({ line, offset, message });
    },
  };
}
