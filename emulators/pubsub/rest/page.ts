import { html } from 'hono/html';
import type { Subscription, SubscriptionStats } from '../backend.ts';
import { idOf } from '../names.ts';

/** A subscription with its figures, as the page and `GET /_emulator/subscriptions` show it. */
export interface SubscriptionView {
  readonly name: string;
  readonly topic: string;
  /** Where it pushes to; undefined where it is pulled. */
  readonly endpoint: string | undefined;
  readonly backlog: number;
  readonly backlog_bytes: number;
  readonly in_flight: number;
  /** How long the oldest message has waited for its acknowledgement. */
  readonly oldest_unacked_seconds: number;
  readonly delivered: number;
  readonly acked: number;
  readonly nacked: number;
  readonly dead_lettered: number;
}

/** @param now epoch milliseconds */
export function viewOf(
  { name, topic, policy }: Subscription,
  stats: SubscriptionStats,
  now: number,
): SubscriptionView {
  return {
    name,
    topic,
    endpoint: policy.push?.endpoint,
    backlog: stats.backlog,
    backlog_bytes: stats.backlogBytes,
    in_flight: stats.inFlight,
    oldest_unacked_seconds: stats.oldest === undefined ? 0 : Math.max(0, now - stats.oldest) / 1000,
    delivered: stats.delivered,
    acked: stats.acked,
    nacked: stats.nacked,
    dead_lettered: stats.deadLettered,
  };
}

/** A page that shows what each subscription holds; it loads itself anew every two seconds. */
export function statePage(views: readonly SubscriptionView[]) {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="2">
<title>Pub/Sub emulator</title>
<style>
  body { font: 14px system-ui; margin: 2rem; color: #222 }
  td, th { text-align: left; padding: .3rem .8rem; border-bottom: 1px solid #ddd }
  td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
</style>
<h1>Pub/Sub emulator</h1>
${views.length === 0 ? html`<p>There is no subscription yet.</p>` : tableOf(views)}
</html>`;
}

function tableOf(views: readonly SubscriptionView[]) {
  return html`<table>
<tr><th>Subscription</th><th>Topic</th><th class="n">Backlog</th><th class="n">Bytes</th><th class="n">Oldest unacked, s</th>
<th class="n">In flight</th><th class="n">Delivered</th><th class="n">Acked</th><th class="n">Failed</th><th class="n">Dead letters</th></tr>
${views.map(
  (view) => html`<tr>
  <td title="${view.name}${view.endpoint === undefined ? '' : ` → ${view.endpoint}`}">${idOf(view.name)}</td>
  <td title="${view.topic}">${idOf(view.topic)}</td>
  <td class="n">${view.backlog}</td><td class="n">${view.backlog_bytes}</td>
  <td class="n">${view.oldest_unacked_seconds.toFixed(1)}</td><td class="n">${view.in_flight}</td>
  <td class="n">${view.delivered}</td><td class="n">${view.acked}</td><td class="n">${view.nacked}</td>
  <td class="n">${view.dead_lettered}</td>
</tr>`,
)}
</table>`;
}
