import type { EnrichedEvent } from '../../../shared/events.ts';
import type { Enrichment } from '../enrichment.ts';
import { redactEmails } from '../personal-data.ts';
import { clean } from '../text.ts';
import { type CleanUrl, cleanUrl } from '../urls.ts';

/** The page and its referrer, parsed, without secrets, addresses or tracking parameters. What is no URL is left out. */
export const page: Enrichment = {
  name: 'page',
  apply(event, { raw }) {
    const title = redactEmails(clean(raw.page?.title ?? ''));
    return {
      ...event,
      page: {
        ...pageFields(raw.page?.url === undefined ? undefined : cleanUrl(raw.page.url)),
        ...referrerFields(raw.page?.referrer === undefined ? undefined : cleanUrl(raw.page.referrer)),
        ...(title === '' ? {} : { title }),
      },
    };
  },
};

function pageFields(found: CleanUrl | undefined): EnrichedEvent['page'] {
  if (!found) return {};
  return { url: found.url, ...(found.host === undefined ? {} : { host: found.host }), path: found.path };
}

function referrerFields(found: CleanUrl | undefined): EnrichedEvent['page'] {
  if (!found) return {};
  return { referrer: found.url, ...(found.host === undefined ? {} : { referrer_host: found.host }) };
}
