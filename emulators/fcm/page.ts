import { html } from 'hono/html';
import type { Inbox, StoredMessage } from './inboxes.ts';

/** A page that shows what each device was sent; it loads itself anew every two seconds. */
export function inboxesPage(inboxes: readonly Inbox[]) {
  return page(
    'FCM emulator',
    inboxes.length === 0 ? html`<p>No device has been sent a message yet.</p>` : tableOf(inboxes),
  );
}

/** The page of one device: what waits for it, newest first, and what the device may do. Loads itself anew as well. */
export function devicePage({ token, messages, accepted, collapsed, dropped }: Inbox) {
  const path = `/device/${encodeURIComponent(token)}`;
  return page(
    `Inbox of ${token.slice(0, 24)}`,
    html`<p><a href="/">All devices</a></p>
<p><code>${token}</code></p>
<p>${accepted} accepted · ${messages.length} waiting · ${collapsed} replaced by a newer one · ${dropped} dropped</p>
<form method="post">
  <button formaction="${path}/connect" title="takes what waits">Connect the device</button>
  <button formaction="${path}/uninstall" title="sending to it is UNREGISTERED from now on">Uninstall the app</button>
</form>
${messages.toReversed().map(messageOf)}`,
  );
}

function page(title: string, content: unknown) {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="2">
<title>${title}</title>
<style>
  :root { color-scheme: light dark }
  body { font: 14px system-ui; margin: 2rem; max-width: 60rem }
  td, th { text-align: left; padding: .3rem .8rem; border-bottom: 1px solid #8884; vertical-align: top }
  code, pre { font-size: 12px; overflow-wrap: anywhere; white-space: pre-wrap }
  section { border: 1px solid #8884; border-radius: .5rem; padding: .2rem 1rem; margin: 1rem 0 }
</style>
<h1>${title}</h1>
${content}
</html>`;
}

function tableOf(inboxes: readonly Inbox[]) {
  return html`<table>
<tr><th>Device</th><th>Accepted</th><th>Collapsed</th><th>Waiting</th><th>Newest data</th></tr>
${inboxes.map(
  ({ token, accepted, collapsed, messages }) => html`<tr>
  <td><a href="/device/${encodeURIComponent(token)}"><code>${token.slice(0, 48)}</code></a></td>
  <td>${accepted}</td><td>${collapsed}</td><td>${messages.length}</td>
  <td><code>${JSON.stringify(messages.at(-1)?.message.data ?? {})}</code></td>
</tr>`,
)}
</table>`;
}

function messageOf({ name, received_at, expires_at, collapse_key, message }: StoredMessage) {
  const { data = {}, ...rest } = message;
  return html`<section>
<p>${received_at} · kept until ${expires_at}${collapse_key === undefined ? '' : ` · collapses by ${collapse_key}`}</p>
<table>
${Object.entries(data).map(([key, value]) => html`<tr><th>${key}</th><td><code>${value}</code></td></tr>`)}
</table>
<details><summary>${name}</summary><pre>${JSON.stringify(rest, null, 2)}</pre></details>
</section>`;
}
