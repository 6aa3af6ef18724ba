import Bowser from 'bowser';
import QuickLRU from 'quick-lru';
import type { EnrichedEvent } from '../../../shared/events.ts';
import type { Enrichment } from '../enrichment.ts';

type Device = EnrichedEvent['device'];

const CATEGORIES: ReadonlySet<string> = new Set(['desktop', 'mobile', 'tablet', 'tv', 'bot']);

/** Parsing a user agent takes some 50 µs, and a batch repeats a few of them. */
const parsed = new QuickLRU<string, Device>({ maxSize: 2000 });

/** What the event happened on, by its user agent (bowser). `bot` is confirmed or added by the next step. */
export const device: Enrichment = {
  name: 'device',
  apply: (event, { raw }) => ({ ...event, device: deviceOf(raw.collector.user_agent ?? '') }),
};

function deviceOf(userAgent: string): Device {
  const known = parsed.get(userAgent);
  if (known) return known;
  const found = parse(userAgent);
  parsed.set(userAgent, found);
  return found;
}

function parse(userAgent: string): Device {
  if (userAgent === '') return { category: 'unknown', is_bot: false };
  const { platform, os, browser } = Bowser.parse(userAgent);
  const category = platform.type && CATEGORIES.has(platform.type) ? platform.type : 'unknown';
  return {
    category,
    ...(os.name ? { os: os.name } : {}),
    ...(browser.name ? { browser: browser.name } : {}),
    is_bot: category === 'bot',
  };
}
