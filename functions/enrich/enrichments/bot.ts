import { isbot } from 'isbot';
import type { Enrichment } from '../enrichment.ts';
import { remember } from '../remember.ts';

/** Words by which programs that visit pages on their own call themselves. */
const CRAWLER = /bot|crawl|spider|slurp|scrap|preview|monitor|headless/i;

const isBotAgent = remember(
  2000,
  (userAgent) => isbot(userAgent) && (userAgent.startsWith('Mozilla/') || CRAWLER.test(userAgent)),
);

/**
 * Marks bots by their user agent (isbot). A bot's event is stored, but has no profile and asks for nothing. The bare
 * agent of an HTTP library (okhttp, node, python-requests) is none: apps and servers that relay clicks send it.
 */
export const bot: Enrichment = {
  name: 'bot',
  apply(event, { raw }) {
    const userAgent = raw.collector.user_agent ?? '';
    if (!event.device.is_bot && !isBotAgent(userAgent)) return {};
    return { device: { ...event.device, category: 'bot', is_bot: true } };
  },
};
