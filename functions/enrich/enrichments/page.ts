import type { EnrichedEvent } from '../../../shared/events.ts';
import type { Enrichment } from '../enrichment.ts';
import { redactEmails } from '../personal-data.ts';
import { clean } from '../text.ts';
import { cleanUrl } from '../urls.ts';

/** The page and its referrer, parsed, without secrets, addresses or tracking parameters. What is no URL is left out. */
export const page: Enrichment = {
  name: 'page',
  apply(_event, { raw }) {
    const page: EnrichedEvent['page'] = {};
    if (raw.page === undefined) return { page };
    const { url, referrer, title } = raw.page;
    const at = url === undefined ? undefined : cleanUrl(url);
    if (at) {
      page.url = at.url;
      if (at.host !== undefined) page.host = at.host;
      page.path = at.path;
    }
    const from = referrer === undefined ? undefined : cleanUrl(referrer);
    if (from) {
      page.referrer = from.url;
      if (from.host !== undefined) page.referrer_host = from.host;
    }
    const text = title === undefined ? '' : redactEmails(clean(title));
    if (text !== '') page.title = text;
    return { page };
  },
};
