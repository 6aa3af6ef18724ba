import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { curlOf } from '../../functions/ingest/development/page.ts';
import { PROTOCOLS } from '../../functions/ingest/protocols/protocols.ts';
import { accept, closeFakePubSubs, fakePubSub } from '../helpers/fake-pubsub.ts';
import { endServedFunctions, type ServedFunction, serveFunction } from '../helpers/serve-function.ts';

const WRITE_KEY = "it's <k1>";

let pubsub: Awaited<ReturnType<typeof fakePubSub>>;

beforeAll(async () => {
  pubsub = await fakePubSub([accept]);
});
afterEach(endServedFunctions);
afterAll(closeFakePubSubs);

const serve = (env: Readonly<Record<string, string>>): Promise<ServedFunction> =>
  serveFunction('ingest', { PUBSUB_EMULATOR_HOST: pubsub.emulatorHost, WRITE_KEYS: WRITE_KEY, ...env });

interface Told {
  readonly protocol: string;
  readonly status: number;
  readonly error?: string;
  readonly events?: readonly { readonly status: string; readonly path?: string; readonly event: unknown }[];
}

/** What the collector tells who watches, one record a call. */
async function watch(url: string) {
  const response = await fetch(`${url}/debug/events`);
  const lines = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<Told> => {
    for (;;) {
      const found = /^data: (.*)\n\n/m.exec(text);
      if (found) {
        text = text.slice(found.index + found[0].length);
        return JSON.parse(found[1] ?? '') as Told;
      }
      const { value, done } = (await lines?.read()) ?? { done: true };
      if (done) throw new Error('the stream has ended');
      text += value;
    }
  };
  return { type: response.headers.get('content-type'), next, ended: () => lines?.closed };
}

describe('in development', () => {
  test("each protocol's example is on the page, and is accepted", async () => {
    const { url } = await serve({ DEVELOPMENT_PAGE: 'true' });
    const page = await (await fetch(url)).text();
    expect(page).not.toContain('<k1>');
    const { next } = await watch(url);
    for (const protocol of PROTOCOLS) {
      const { title, path, headers, body } = protocol.example({ url, writeKey: WRITE_KEY });
      expect(page).toContain(title);
      const response = await fetch(url + path, { method: 'POST', headers, body });
      expect({ title, ok: response.ok }).toEqual({ title, ok: true });
      expect(await next()).toMatchObject({
        protocol: protocol.name,
        status: response.status,
        events: [{ status: 'accepted', event: { anonymous_id: 'browser-7' } }],
      });
    }
  });

  test('the stream tells what was wrong, and where', async () => {
    const { url, child } = await serve({ DEVELOPMENT_PAGE: 'true' });
    const { type, next, ended } = await watch(url);
    expect(type).toBe('text/event-stream');
    const post = (body: unknown) => fetch(`${url}/v1/events`, { method: 'POST', body: JSON.stringify(body) });
    await post({ writeKey: WRITE_KEY, events: [{ event_name: 'x', anonymous_id: 'a', items: 7 }] });
    expect(await next()).toMatchObject({ status: 200, events: [{ status: 'rejected', path: 'items' }] });
    await post({ writeKey: 'wrong', events: [] });
    expect(await next()).toMatchObject({ status: 401, error: expect.stringContaining('no valid write key') });
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await ended();
    expect(await exited).toEqual([0, null]);
  });
});

test('in production there is no page, no stream, and no key in an answer or a log', async () => {
  const { url, output } = await serve({});
  for (const path of ['/', '/debug/events']) {
    const response = await fetch(url + path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('k1');
  }
  for (const key of [WRITE_KEY, 'wrong-k1']) {
    const body = JSON.stringify({ writeKey: key, events: [{ event_name: 'x', anonymous_id: 'a' }] });
    const response = await fetch(`${url}/v1/events`, { method: 'POST', body });
    expect(await response.text()).not.toContain('k1');
  }
  await expect.poll(output, { timeout: 10_000 }).toContain('handled');
  expect(output()).not.toContain('k1');
});

test('a command for the shell survives any key', () => {
  const example = { title: '', path: "/x?k='", headers: { a: "b'c" }, body: "it's", snippet: '' };
  expect(curlOf(example, 'http://h')).toBe(
    "curl -i 'http://h/x?k='\\''' \\\n  -H 'a: b'\\''c' \\\n  -d 'it'\\''s'",
  );
});
