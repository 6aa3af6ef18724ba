import type { ServerResponse } from 'node:http';
import { makeOutbox } from './outbox.ts';

/** What is done with the messages of a session. */
export interface MessageStream {
  /** @param text a message in JSON */
  take(text: string): void;
  close(): void;
}

/** Where a stream's messages go. */
export interface Outlet {
  send(message: unknown): void;
  /** Nothing follows: once everything is sent the back channel is ended. */
  end(): void;
  /** Tells the client that the channel is over, in good order. */
  close(): void;
}

export interface SessionTimes {
  /** Milliseconds between signs of life; the client gives up after 45 s of silence. */
  readonly noop: number;
  /** Milliseconds that a session outlives its back channel. */
  readonly linger: number;
}

/** One WebChannel: messages in by POST, messages out over a GET that stays open. */
export interface Session {
  /** Takes what a POST brings; what it brought before is left out. */
  receive(form: URLSearchParams): void;
  /** The client has everything up to this number. */
  acknowledge(id: number): void;
  /** Makes a response the back channel, and sends what is after the number. @param once ends it after one frame */
  attach(response: ServerResponse, after: number, once: boolean): void;
  /** What a POST is answered: whether there is a back channel, the last number sent on it, characters not yet sent. */
  state(): readonly [0 | 1, number, number];
  close(): void;
}

/** Characters on one GET, after which it is ended: the client then acknowledges, so that neither end keeps them. */
const MOST_BY_RESPONSE = 2 ** 20;
/** Characters kept for a client that takes nothing; beyond, it has to begin anew. */
const MOST_KEPT = 64 * 2 ** 20;

interface BackChannel {
  readonly response: ServerResponse;
  readonly once: boolean;
  written: number;
}

/**
 * @param open begins what is done with messages
 * @param closed called once, when the session is over
 */
export function makeSession(
  times: SessionTimes,
  open: (outlet: Outlet) => MessageStream,
  closed: () => void,
): Session {
  const outbox = makeOutbox();
  let received = 0;
  let back: BackChannel | undefined;
  let state: 'open' | 'ending' | 'over' = 'open';
  let flushing = false;
  let expiry: NodeJS.Timeout | undefined;
  const isOver = (): boolean => state === 'over';

  function push(message: unknown): void {
    if (isOver()) return;
    outbox.add(message);
    if (flushing) return;
    // What one commit sends, which it does at once, goes out in one frame.
    flushing = true;
    queueMicrotask(() => {
      flushing = false;
      flush();
    });
  }

  function flush(): void {
    if (outbox.size().kept > MOST_KEPT) close();
    while (back) {
      const frame = outbox.next(MOST_BY_RESPONSE);
      if (frame === undefined) break;
      back.response.write(frame);
      back.written += frame.length;
      if (back.once || back.written >= MOST_BY_RESPONSE) detach();
    }
    if (state === 'ending' && outbox.size().unsent === 0) detach();
  }

  function detach(): void {
    if (!back) return;
    const { response } = back;
    back = undefined;
    response.end();
    linger();
  }

  function linger(): void {
    clearTimeout(expiry);
    if (isOver()) return;
    expiry = setTimeout(close, times.linger);
    expiry.unref();
  }

  function close(): void {
    if (isOver()) return;
    state = 'over';
    clearInterval(heart);
    clearTimeout(expiry);
    stream.close();
    closed();
    detach();
  }

  const heart = setInterval(() => {
    if (back && outbox.size().unsent === 0) push(['noop']);
  }, times.noop);
  heart.unref();
  const stream = open({
    send: (message) => push([message]),
    end: () => {
      if (!isOver()) state = 'ending';
      setImmediate(flush);
    },
    close: () => push(['close']),
  });
  linger();

  return {
    acknowledge: outbox.acknowledge,
    close,
    receive(form) {
      const fields = new Map(form);
      const first = Number(fields.get('ofs') ?? 0);
      for (let index = 0; !isOver(); index++) {
        const text = fields.get(`req${index}___data__`);
        if (text === undefined) break;
        // A POST whose answer was lost is sent again.
        if (first + index < received) continue;
        received = first + index + 1;
        stream.take(text);
      }
    },
    attach(response, after, once) {
      back?.response.end();
      outbox.acknowledge(after);
      outbox.rewind(after);
      clearTimeout(expiry);
      response.writeHead(200, {
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'private, max-age=0',
        'x-content-type-options': 'nosniff',
      });
      response.flushHeaders();
      back = { response, once, written: 0 };
      response.once('close', () => {
        if (back?.response !== response) return;
        back = undefined;
        linger();
      });
      // Tells the client that nothing between buffers what is sent.
      if (!once) push(['noop']);
      flush();
    },
    state: () => [back ? 1 : 0, outbox.sentId(), outbox.size().unsent],
  };
}
