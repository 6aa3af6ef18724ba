import type { EnrichedEvent } from '../../../shared/events.ts';
import type { Enrichment } from '../enrichment.ts';
import { redactEmails } from '../personal-data.ts';
import { classOfReferrer, isSameSite } from '../referrers.ts';
import { clean } from '../text.ts';
import { cleanUrl } from '../urls.ts';

type Traffic = EnrichedEvent['traffic'];

const PAID_CLICK_IDS: Readonly<Record<string, string>> = {
  gclid: 'google',
  gbraid: 'google',
  wbraid: 'google',
  dclid: 'google',
  msclkid: 'bing',
  ttclid: 'tiktok',
  twclid: 'twitter',
};

/** utm_medium values, by channel, after GA4's default channel group. */
const MEDIUMS: readonly (readonly [RegExp, string])[] = [
  [/^(cpc|ppc|cpm|cpv|cpa|paid.*|display|banner|retargeting)$/, 'paid'],
  [/^(e-?mail|newsletter)$/, 'email'],
  [/^affiliates?$/, 'affiliate'],
  [/^(social|social-network|social-media|sm)$/, 'social'],
  [/^organic$/, 'search'],
  [/^referral$/, 'referral'],
];

/**
 * Where the visit came from: campaign parameters first (utm_*), then the click ids of advertisers, then the referrer.
 * https://support.google.com/analytics/answer/9756891 gives the channels' meaning.
 */
export const traffic: Enrichment = {
  name: 'traffic',
  apply(event, { raw }) {
    const parameters = raw.page?.url === undefined ? undefined : cleanUrl(raw.page.url)?.parameters;
    return { traffic: (parameters && fromCampaign(parameters)) ?? fromReferrer(event.page) };
  },
};

function fromCampaign(parameters: URLSearchParams): Traffic | undefined {
  if (parameters.size === 0) return undefined;
  const read = (name: string): string =>
    redactEmails(clean(parameters.get(`utm_${name}`) ?? '')).slice(0, 512);
  const fields = {
    ...field('source', read('source')),
    ...field('medium', read('medium')),
    ...field('campaign', read('campaign')),
    ...field('term', read('term')),
    ...field('content', read('content')),
  };
  const paidBy = Object.keys(PAID_CLICK_IDS).find((name) => parameters.has(name));
  if (paidBy !== undefined) {
    return { channel: 'paid', source: PAID_CLICK_IDS[paidBy] ?? paidBy, medium: 'cpc', ...fields };
  }
  if (Object.keys(fields).length === 0) return undefined;
  const medium = read('medium').toLowerCase();
  const channel = MEDIUMS.find(([pattern]) => pattern.test(medium))?.[1] ?? 'campaign';
  return { channel, ...fields };
}

function fromReferrer({ host, referrer_host: from }: EnrichedEvent['page']): Traffic {
  if (from === undefined) return { channel: 'direct' };
  if (host !== undefined && isSameSite(from, host)) return { channel: 'internal' };
  return { channel: classOfReferrer(from) ?? 'referral', source: from };
}

function field<Name extends string>(name: Name, value: string): { [key in Name]?: string } {
  return value === '' ? {} : ({ [name]: value } as { [key in Name]: string });
}
