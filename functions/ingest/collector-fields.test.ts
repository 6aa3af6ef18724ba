import { describe, expect, test } from 'vitest';
import { clientFields } from './collector-fields.ts';

describe('clientFields', () => {
  test.each([
    { name: 'no proxy', forwarded: undefined, trustedProxies: 0, ip: '127.0.0.1' },
    {
      name: 'Cloud Run appends the client',
      forwarded: '6.6.6.6, 203.0.113.9',
      trustedProxies: 0,
      ip: '203.0.113.9',
    },
    {
      name: 'a load balancer appends itself',
      forwarded: '6.6.6.6, 203.0.113.9, 35.0.0.1',
      trustedProxies: 1,
      ip: '203.0.113.9',
    },
    { name: 'fewer hops than told', forwarded: '203.0.113.9', trustedProxies: 2, ip: '203.0.113.9' },
    { name: 'IPv6', forwarded: '2001:db8::1', trustedProxies: 0, ip: '2001:db8::1' },
    { name: 'no address', forwarded: '<script>', trustedProxies: 0, ip: undefined },
    { name: 'an endless address', forwarded: '1'.repeat(65), trustedProxies: 0, ip: undefined },
  ])('address: $name', ({ forwarded, trustedProxies, ip }) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    expect(clientFields(headers, '127.0.0.1', { trustedProxies, address: 'full' }).ip).toBe(ip);
  });

  test.each([
    {
      name: "a load balancer's variables",
      headers: { 'x-client-region': 'DE', 'x-client-region-subdivision': 'DEBE', 'x-client-city': 'Berlin' },
      place: { country: 'DE', region: 'DEBE', city: 'Berlin' },
    },
    {
      name: 'one header with country and city',
      headers: { 'x-client-geo-location': 'US,Mountain View' },
      place: { country: 'US', city: 'Mountain View' },
    },
    {
      name: 'App Engine',
      headers: { 'x-appengine-country': 'FR', 'x-appengine-region': '?', 'x-appengine-city': 'paris' },
      place: { country: 'FR', city: 'paris' },
    },
    { name: 'unknown', headers: { 'x-appengine-country': 'ZZ' }, place: {} },
  ])('place: $name', ({ headers, place }) => {
    expect(clientFields(headers, undefined, { trustedProxies: 0, address: 'full' })).toEqual(place);
  });

  test('the user agent is cut, an empty one left out', () => {
    const options = { trustedProxies: 0, address: 'full' } as const;
    expect(clientFields({ 'user-agent': 'x'.repeat(2_000) }, undefined, options).user_agent).toHaveLength(
      1_024,
    );
    expect(clientFields({ 'user-agent': '' }, undefined, options)).toEqual({});
  });
});
