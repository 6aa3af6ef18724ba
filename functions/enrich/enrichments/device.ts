import Bowser from 'bowser';
import type { EnrichedEvent } from '../../../shared/events.ts';
import type { Enrichment } from '../enrichment.ts';
import { remember } from '../remember.ts';

type Device = EnrichedEvent['device'];

const CATEGORIES: ReadonlySet<string> = new Set(['desktop', 'mobile', 'tablet', 'tv', 'bot']);

/** Parsing a user agent takes some 50 µs. */
const deviceOf = remember(2000, (userAgent): Device => {
  if (userAgent === '') return { category: 'unknown', is_bot: false };
  const { platform, os, browser } = Bowser.parse(userAgent);
  const category = platform.type && CATEGORIES.has(platform.type) ? platform.type : 'unknown';
  return {
    category,
    ...(os.name ? { os: os.name } : {}),
    ...(browser.name ? { browser: browser.name } : {}),
    is_bot: category === 'bot',
  };
});

/** What the event happened on, by its user agent (bowser). `bot` is confirmed or added by the next step. */
export const device: Enrichment = {
  name: 'device',
  apply: (_event, { raw }) => ({ device: deviceOf(raw.collector.user_agent ?? '') }),
};
