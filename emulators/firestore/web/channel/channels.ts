import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { FirestoreError } from '../../firestore-error.ts';
import { readBody } from '../http.ts';
import { makeListenStream } from './listen-stream.ts';
import { frameText } from './outbox.ts';
import { makeSession, type Session, type SessionTimes } from './session.ts';
import { type Converse, makeStream, type StreamOptions } from './streams.ts';
import { makeWriteStream } from './write-stream.ts';

const PATH = /^\/google\.firestore\.v1\.Firestore\/(Listen|Write)\/channel$/;
const STREAMS: ReadonlyMap<string, Converse> = new Map([
  ['Listen', makeListenStream],
  ['Write', makeWriteStream],
]);
const MOST_SESSIONS = 1_000;
const TIMES: SessionTimes = { noop: 30_000, linger: 60_000 };

/** The WebChannels of browsers: how their Firestore SDK speaks google.firestore.v1.Firestore's two-way methods. */
export interface Channels {
  /**
   * @returns false, having answered nothing, where the path is no channel's
   * @throws FirestoreError
   */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean>;
  close(): void;
}

export function makeChannels(options: StreamOptions, times: SessionTimes = TIMES): Channels {
  const sessions = new Map<string, Session>();

  function begin(
    name: string,
    converse: Converse,
    url: URL,
    form: URLSearchParams,
    response: ServerResponse,
  ): void {
    if (sessions.size >= MOST_SESSIONS)
      throw new FirestoreError(
        'UNAVAILABLE',
        `More than ${MOST_SESSIONS} channels are open: close some pages.`,
      );
    const sid = randomBytes(16).toString('base64url');
    const headers = headersOf(form.get('headers') ?? url.searchParams.get('$httpHeaders') ?? '');
    const session = makeSession(
      times,
      (outlet) => makeStream(name, converse, options, headers.get('authorization'), outlet),
      () => sessions.delete(sid),
    );
    sessions.set(sid, session);
    session.receive(form);
    answerText(response, frameText(JSON.stringify([[0, ['c', sid, '', 8, 12, times.noop]]])));
  }

  return {
    async handle(request, response, url) {
      const name = PATH.exec(url.pathname)?.[1] ?? '';
      const converse = STREAMS.get(name);
      if (!converse) return false;
      const query = url.searchParams;
      const sid = query.get('SID');
      const form = new URLSearchParams(request.method === 'POST' ? await readBody(request) : '');
      if (sid === null) {
        if (request.method !== 'POST')
          throw new FirestoreError('INVALID_ARGUMENT', 'A channel begins by POST.');
        begin(name, converse, url, form, response);
        return true;
      }
      const session = sessions.get(sid);
      if (query.get('TYPE') === 'terminate') {
        session?.close();
        answerText(response, '');
        return true;
      }
      if (!session) {
        // The client begins anew by this very text.
        response.writeHead(400, 'Unknown SID', { 'content-type': 'text/plain' });
        response.end('Unknown SID');
        return true;
      }
      const acknowledged = Number(query.get('AID') ?? 0);
      if (request.method === 'GET') {
        session.attach(response, acknowledged, query.get('CI') === '1');
        return true;
      }
      session.acknowledge(acknowledged);
      session.receive(form);
      // First what it led to: a browser takes up one answer after the other, and this one is only a receipt.
      await setImmediate();
      answerText(response, frameText(JSON.stringify(session.state())));
      return true;
    },
    close() {
      for (const session of [...sessions.values()]) session.close();
    },
  };
}

/** HTTP headers that a browser sends in the body, lest it ask for permission first: lines of `name:value`. */
function headersOf(lines: string): ReadonlyMap<string, string> {
  return new Map(
    lines.split('\r\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0
        ? []
        : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const];
    }),
  );
}

function answerText(response: ServerResponse, text: string): void {
  response.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'private, max-age=0',
  });
  response.end(text);
}
