/** What kind of site a referrer is. */
export type ReferrerClass = 'search' | 'social' | 'email';

/** Names of search engines: the label before the public suffix, whatever the country (`google.co.uk`, `google.de`). */
const SEARCH: ReadonlySet<string> = new Set(
  (
    'google bing yahoo duckduckgo ecosia baidu yandex qwant startpage naver seznam brave kagi sogou ask swisscows mojeek ' +
    'perplexity chatgpt'
  ).split(' '),
);
const SOCIAL: ReadonlySet<string> = new Set(
  (
    'facebook instagram twitter x pinterest linkedin reddit tiktok youtube snapchat whatsapp telegram threads tumblr vk ' +
    'weibo discord quora mastodon bsky'
  ).split(' '),
);
const SHORT_HOSTS: ReadonlyMap<string, ReferrerClass> = new Map([
  ['t.co', 'social'],
  ['lnkd.in', 'social'],
  ['youtu.be', 'social'],
  ['fb.me', 'social'],
  ['t.me', 'social'],
  ['wa.me', 'social'],
]);
/** Mailboxes in the browser; they share a domain with a search engine, so they are asked first. */
const MAIL =
  /^(mail|outlook|webmail|email|inbox)\.|\bmail\.(google|yahoo|yandex)\.|(^|\.)(gmx|web|proton)\.(net|de|com|me)$/;

/** The class of a referring host, without its `www.`; undefined for any other site. */
export function classOfReferrer(host: string): ReferrerClass | undefined {
  const short = SHORT_HOSTS.get(host);
  if (short) return short;
  if (MAIL.test(host)) return 'email';
  const name = siteName(host);
  if (SEARCH.has(name)) return 'search';
  return SOCIAL.has(name) ? 'social' : undefined;
}

/** `news.google.co.uk` → `google`: the label before the suffix, where a suffix may be a short label and a country. */
export function siteName(host: string): string {
  const labels = host.split('.');
  const last = labels.length - 1;
  const countrySuffix = last >= 2 && labels[last]?.length === 2 && (labels[last - 1]?.length ?? 9) <= 3;
  return labels[countrySuffix ? last - 2 : Math.max(0, last - 1)] ?? host;
}

/** Whether two hosts are of one site: equal, or one a subdomain of the other. */
export function isSameSite(a: string, b: string): boolean {
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);
}
