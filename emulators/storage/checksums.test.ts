import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { checkDigest, makeDigester, parseGoogHash } from './checksums.ts';
import { crc32c } from './crc32c.ts';

describe('CRC-32C', () => {
  // RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRC algorithms.
  it.each([
    ['nothing', Buffer.alloc(0), 0],
    ['the check text', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['ascending', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
  ])('of %s', (_case, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  test('does not depend on how the bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, at) => {
        expect(crc32c(bytes.subarray(at), crc32c(bytes.subarray(0, at)))).toBe(crc32c(bytes));
      }),
    );
  });
});

describe('a digest', () => {
  it('counts and sums, and may be taken midway', () => {
    const digester = makeDigester();
    digester.update(Buffer.from('12345'));
    digester.digest();
    digester.update(Buffer.from('6789'));
    expect(digester.digest()).toEqual({
      size: 9,
      md5Hash: createHash('md5').update('123456789').digest('base64'),
      crc32c: '4waSgw==',
    });
  });

  it('is held to what the client announced', () => {
    const digest = { size: 9, md5Hash: 'm', crc32c: '4waSgw==' };
    expect(() => checkDigest(digest, parseGoogHash('crc32c=4waSgw==,md5=m'))).not.toThrow();
    expect(() => checkDigest(digest, parseGoogHash(undefined))).not.toThrow();
    expect(() => checkDigest(digest, parseGoogHash('md5=other'))).toThrow(/MD5 hash "other"/);
  });
});
