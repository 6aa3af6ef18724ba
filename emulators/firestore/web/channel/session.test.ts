import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeSession, type Outlet, type Session, type SessionTimes } from './session.ts';

const TIMES: SessionTimes = { noop: 1_000, linger: 5_000 };

/** A session whose back channels are real responses over HTTP; only its timers are driven by hand. */
function startSession() {
  const taken: string[] = [];
  const events: string[] = [];
  let outlet: Outlet | undefined;
  const session = makeSession(
    TIMES,
    (given) => {
      outlet = given;
      return { take: (text) => void taken.push(text), close: () => void events.push('stream closed') };
    },
    () => void events.push('session closed'),
  );
  if (!outlet) throw new Error('the session opened no stream');
  return { session, outlet, taken, events };
}

/** Serves the next request as a back channel, and reads it to its end or until the text has come. */
let attach: (session: Session, after: number, once: boolean, until?: string) => Promise<string>;
let closeServer: () => void;
beforeAll(async () => {
  const waiting: ((response: ServerResponse) => void)[] = [];
  const server = createServer((_, response) => waiting.shift()?.(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closeServer = () => void server.close().closeAllConnections();
  attach = async (session, after, once, until) => {
    waiting.push((response) => session.attach(response, after, once));
    const leave = new AbortController();
    const response = await fetch(url, { signal: leave.signal });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (until !== undefined && text.includes(until)) break;
    }
    leave.abort();
    return text;
  };
});
afterAll(() => closeServer());
beforeEach(
  () => void vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] }),
);
afterEach(() => void vi.useRealTimers());

const posted = (ofs: number, ...messages: readonly string[]): URLSearchParams =>
  new URLSearchParams([
    ['ofs', String(ofs)],
    ['count', String(messages.length)],
    ...messages.map((message, index): [string, string] => [`req${index}___data__`, message]),
  ]);

describe('a session', () => {
  it('is over a while after its back channel, unless there is another', async () => {
    const { session, events } = startSession();
    vi.advanceTimersByTime(4_000);
    await attach(session, 0, false, 'noop');
    vi.advanceTimersByTime(4_000);
    await attach(session, 0, false, 'noop');
    expect(events).toEqual([]);
    await vi.waitFor(() => expect(session.state()[0]).toBe(0));
    vi.advanceTimersByTime(5_000);
    expect(events).toEqual(['stream closed', 'session closed']);
    vi.advanceTimersByTime(60_000);
    expect(events).toHaveLength(2);
  });

  it('says now and then that it lives', async () => {
    const { session } = startSession();
    const text = attach(session, 0, false, '[3,["noop"]]');
    await vi.waitFor(() => expect(session.state()).toEqual([1, 1, 0]));
    vi.advanceTimersByTime(1_000);
    await vi.waitFor(() => expect(session.state()).toEqual([1, 2, 0]));
    vi.advanceTimersByTime(1_000);
    expect(await text).toContain('[2,["noop"]]');
    session.close();
  });

  it('ends a response after a frame where the client polls, and after 1 MiB otherwise', async () => {
    const { session, outlet } = startSession();
    outlet.send('first');
    expect(await attach(session, 0, true)).toBe('15\n[[1,["first"]]]');
    for (let index = 0; index < 5; index++) outlet.send('x'.repeat(400_000));
    const streamed = await attach(session, 1, false);
    expect(streamed.length).toBeGreaterThan(2 ** 20);
    expect(streamed.length).toBeLessThan(2_000_000);
    session.close();
  });

  it('gives up on a client that takes nothing', async () => {
    const { outlet, events } = startSession();
    for (let index = 0; index < 70; index++) outlet.send('x'.repeat(2 ** 20));
    await vi.waitFor(() => expect(events).toEqual(['stream closed', 'session closed']));
  });

  it('takes each message once, whatever is sent again', () => {
    const { session, taken } = startSession();
    session.receive(posted(0, 'a', 'b'));
    session.receive(posted(1, 'b', 'c'));
    session.receive(posted(0, 'a'));
    session.receive(new URLSearchParams('count=999999999&ofs=3'));
    expect(taken).toEqual(['a', 'b', 'c']);
    session.close();
  });

  it('ends its back channel when nothing follows', async () => {
    const { session, outlet } = startSession();
    outlet.send('last');
    outlet.end();
    const text = await attach(session, 0, false);
    expect(text).toContain('"last"');
    session.close();
  });
});
