import type { IncomingHttpHeaders } from 'node:http';
import type { Collector } from '../../shared/events.ts';
import { LIMITS } from '../../shared/limits.ts';
import { type AddressPolicy, keptAddress } from './client-address.ts';
import { headerOf } from './http.ts';
import { compact } from './mapping/coerce.ts';

export interface CollectorFieldsOptions {
  /**
   * Proxies of one's own between the client and this service that append to `X-Forwarded-For`: 0 for a function's
   * own URL (Cloud Run appends the client), 1 behind an external Application Load Balancer.
   * https://cloud.google.com/load-balancing/docs/https#x-forwarded-for_header
   */
  readonly trustedProxies: number;
  /** What becomes of the client's address. */
  readonly address: AddressPolicy;
}

/**
 * Headers that carry the client's place, in order of preference. `x-client-*` are the names that Google's load
 * balancer is given for its variables {client_region} {client_region_subdivision} {client_city}
 * (https://cloud.google.com/load-balancing/docs/https/custom-headers); App Engine and Firebase Hosting set the others.
 */
const PLACE_HEADERS = {
  country: ['x-client-region', 'x-appengine-country', 'x-country-code'],
  region: ['x-client-region-subdivision', 'x-appengine-region'],
  city: ['x-client-city', 'x-appengine-city'],
} as const;

type ClientFields = Pick<Collector, 'ip' | 'user_agent' | 'country' | 'region' | 'city'>;

/** What headers and connection tell about the client. Values too long to be real are left out. */
export function clientFields(
  headers: IncomingHttpHeaders,
  remoteAddress: string | undefined,
  { trustedProxies, address }: CollectorFieldsOptions,
): ClientFields {
  const ip = keptAddress(clientAddress(headers, remoteAddress, trustedProxies), address);
  const userAgent = headerOf(headers, 'user-agent')?.slice(0, 1024);
  const [country, city] = (headerOf(headers, 'x-client-geo-location') ?? '').split(',', 2);
  const fields: { readonly [Name in keyof ClientFields]-?: ClientFields[Name] | undefined } = {
    ip,
    user_agent: userAgent || undefined,
    country: placeOf(headers, PLACE_HEADERS.country) ?? known(country),
    region: placeOf(headers, PLACE_HEADERS.region),
    city: placeOf(headers, PLACE_HEADERS.city) ?? known(city),
  };
  return compact(fields);
}

/** The rightmost address that a proxy of ours, not the client, wrote. */
function clientAddress(
  headers: IncomingHttpHeaders,
  remoteAddress: string | undefined,
  trustedProxies: number,
): string | undefined {
  const header = headerOf(headers, 'x-forwarded-for');
  if (header === undefined) return remoteAddress;
  const forwarded = header
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return forwarded.at(-1 - trustedProxies) ?? forwarded.at(0) ?? remoteAddress;
}

function placeOf(headers: IncomingHttpHeaders, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = known(headerOf(headers, name));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Google writes `ZZ` or `?` for a place it does not know. */
function known(value: string | undefined): string | undefined {
  const place = value?.trim();
  return place && place !== 'ZZ' && place !== '?' && place.length <= Math.min(64, LIMITS.textLength)
    ? place
    : undefined;
}
