import { html } from 'hono/html';
import type { Inbox } from './inboxes.ts';

/** A page that shows what each device was sent; it loads itself anew every two seconds. */
export function inboxPage(inboxes: readonly Inbox[]) {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="2">
<title>FCM emulator</title>
<style>
  body { font: 14px system-ui; margin: 2rem; color: #222 }
  td, th { text-align: left; padding: .3rem .8rem; border-bottom: 1px solid #ddd; vertical-align: top }
  code { font-size: 12px; overflow-wrap: anywhere }
</style>
<h1>FCM emulator</h1>
${inboxes.length === 0 ? html`<p>No device has been sent a message yet.</p>` : tableOf(inboxes)}
</html>`;
}

function tableOf(inboxes: readonly Inbox[]) {
  return html`<table>
<tr><th>Device</th><th>Accepted</th><th>Collapsed</th><th>Waiting</th><th>Newest data</th></tr>
${inboxes.map(
  ({ token, accepted, collapsed, messages }) => html`<tr>
  <td><a href="/inbox/${encodeURIComponent(token)}"><code>${token.slice(0, 48)}</code></a></td>
  <td>${accepted}</td><td>${collapsed}</td><td>${messages.length}</td>
  <td><code>${JSON.stringify(messages.at(-1)?.message.data ?? {})}</code></td>
</tr>`,
)}
</table>`;
}
