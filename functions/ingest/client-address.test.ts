import { describe, expect, test } from 'vitest';
import { keptAddress } from './client-address.ts';

describe('keptAddress', () => {
  test.each([
    ['203.0.113.9', '203.0.113.0', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.0', '203.0.113.9'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::', '2001:db8:85a3:8d3:1319:8a2e:370:7348'],
    ['2001:0DB8::1', '2001:db8:0::', '2001:0DB8::1'],
    ['::1', '0:0:0::', '::1'],
    ['fe80::1%eth0', 'fe80:0:0::', 'fe80::1'],
    ['::', '0:0:0::', '::'],
    ['1.2.3', undefined, undefined],
    ['unknown', undefined, undefined],
    [undefined, undefined, undefined],
  ])('%s: truncated %s, full %s', (address, truncated, full) => {
    expect(keptAddress(address, 'truncated')).toBe(truncated);
    expect(keptAddress(address, 'full')).toBe(full);
    expect(keptAddress(address, 'none')).toBeUndefined();
  });
});
