import { createHash } from 'node:crypto';
import { crc32c } from './crc32c.ts';
import { invalid } from './storage-error.ts';

/** What Cloud Storage keeps of an object's bytes; checksums in base64, as the API shows them. */
export interface Digest {
  readonly size: number;
  readonly md5Hash: string;
  readonly crc32c: string;
}

/** Counts and digests bytes that pass by. */
export interface Digester {
  update(chunk: Uint8Array): void;
  /** The digest so far; more bytes may follow. */
  digest(): Digest;
}

export function makeDigester(): Digester {
  const md5 = createHash('md5');
  let crc = 0;
  let size = 0;
  return {
    update(chunk) {
      md5.update(chunk);
      crc = crc32c(chunk, crc);
      size += chunk.length;
    },
    digest: () => ({ size, md5Hash: md5.copy().digest('base64'), crc32c: encodeCrc32c(crc) }),
  };
}

/** Big-endian, base64: https://cloud.google.com/storage/docs/json_api/v1/objects#crc32c */
export function encodeCrc32c(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString('base64');
}

/** Checksums a client announced; absent ones are not checked. */
export interface ExpectedChecksums {
  readonly md5Hash?: string | undefined;
  readonly crc32c?: string | undefined;
}

/** Reads `x-goog-hash: crc32c=…,md5=…`. */
export function parseGoogHash(header: string | undefined): ExpectedChecksums {
  const pairs = (header ?? '').split(',').map((pair) => pair.trim());
  const announced = (key: string): string | undefined =>
    pairs.find((pair) => pair.startsWith(`${key}=`))?.slice(key.length + 1) || undefined;
  return { md5Hash: announced('md5'), crc32c: announced('crc32c') };
}

/** @throws StorageError 400 where the bytes are not those the client announced. */
export function checkDigest(digest: Digest, expected: ExpectedChecksums): void {
  for (const key of ['md5Hash', 'crc32c'] as const) {
    const wanted = expected[key];
    if (wanted !== undefined && wanted !== digest[key]) {
      const name = key === 'md5Hash' ? 'MD5 hash' : 'CRC32C';
      throw invalid(
        `Provided ${name} "${wanted}" doesn't match calculated ${name} "${digest[key]}". Send the object again.`,
      );
    }
  }
}
