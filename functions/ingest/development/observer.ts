import { PassThrough, type Readable } from 'node:stream';

/** Bytes that may wait for a page that does not read; what comes beyond them is left out. */
const WAITING_BYTES = 1024 * 1024;

/** Shows whoever watches what the collector makes of requests. */
export interface Observer {
  /** Tells everyone who watches; costs nothing while nobody does. */
  tell(record: () => object): void;
  /** Server-sent events, from now on. https://html.spec.whatwg.org/multipage/server-sent-events.html */
  watch(): Readable;
  /** Ends every stream. */
  close(): void;
}

export function makeObserver(): Observer {
  const watching = new Set<PassThrough>();
  return {
    tell(record) {
      if (watching.size === 0) return;
      const line = `data: ${JSON.stringify(record())}\n\n`;
      for (const stream of watching) if (stream.writableLength < WAITING_BYTES) stream.write(line);
    },
    watch() {
      const stream = new PassThrough({ highWaterMark: WAITING_BYTES });
      watching.add(stream);
      stream.once('close', () => watching.delete(stream));
      stream.write(': watching\n\n');
      return stream;
    },
    close() {
      for (const stream of watching) stream.end();
    },
  };
}
