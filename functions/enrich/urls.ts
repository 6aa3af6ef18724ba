import { snakeCase } from './event-names.ts';
import { redactEmails } from './personal-data.ts';
import { remember } from './remember.ts';
import { clean } from './text.ts';

/** A URL taken apart and freed of what must not be stored. */
export interface CleanUrl {
  readonly url: string;
  /** Absent for a path without a host. */
  readonly host?: string;
  readonly path: string;
  /** Parameters as they were, for reading the campaign; never stored. */
  readonly parameters: URLSearchParams;
}

/** Words in a parameter's name that say its value is a secret or a person. */
const SECRET_WORDS: ReadonlySet<string> = new Set(
  (
    'token jwt secret password passwd pwd pass auth authorization key apikey signature sig session sessionid sid otp pin ' +
    'nonce ticket reset invite magic email mail phone tel mobile address firstname lastname fullname surname username ' +
    'ssn iban card cvv dob birthday'
  ).split(' '),
);
/** Parameters whose whole name is one; as words they would hit harmless names. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  'code',
  'state',
  'name',
  'first_name',
  'last_name',
  'user',
  'hash',
]);
/** Parameters of advertising and mailing systems: they identify clicks, and split one page into many. */
const TRACKING =
  /^(utm_.*|mtm_.*|pk_.*|hsa_.*|gclid|gclsrc|gbraid|wbraid|dclid|gad_.*|fbclid|msclkid|ttclid|twclid|li_fat_id|igshid|yclid|srsltid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|vero_id|oly_.*|epik|irclickid|awc|cjevent|ref_src)$/;

/** Stands in for the host of a path while it is parsed; reserved by RFC 2606. */
const NO_HOST = 'https://host.invalid';

/**
 * Reads a URL or an absolute path (`/shoes?size=9`). Credentials, secret, personal and tracking parameters are removed, e-mail
 * addresses anywhere are redacted, and a fragment stays only where it holds no parameters. Undefined for what is no
 * URL, and for schemes that carry content or code (`data:`, `javascript:`, `blob:`).
 */
export const cleanUrl = remember(500, (text): CleanUrl | undefined => {
  const trimmed = clean(text);
  const relative = trimmed.startsWith('/') && !trimmed.startsWith('//');
  const url = URL.parse(relative ? NO_HOST + trimmed : trimmed);
  if (!url || /^(data|javascript|blob|about|file):$/.test(url.protocol)) return undefined;
  const parameters = new URLSearchParams(url.search);
  url.username = '';
  url.password = '';
  for (const name of new Set(parameters.keys())) if (isUnwanted(name)) url.searchParams.delete(name);
  if (/[=@&]|%40/.test(url.hash)) url.hash = '';
  const full = redactEmails(relative ? url.href.slice(NO_HOST.length) : url.href);
  const host = url.hostname.replace(/^www\./, '');
  return {
    url: full,
    ...(relative || host === '' ? {} : { host }),
    path: redactEmails(url.pathname),
    parameters,
  };
});

function isUnwanted(name: string): boolean {
  const normal = snakeCase(name);
  return (
    TRACKING.test(name.toLowerCase()) ||
    SECRET_NAMES.has(normal) ||
    normal.split('_').some((word) => SECRET_WORDS.has(word))
  );
}
