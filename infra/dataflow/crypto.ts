import { hmacSha256Hex, sha256Hex, utf8 } from './sha256.ts';

/** The part of node:crypto that shared/ids.ts uses; stands in for it in the bundle. */
class Digest {
  readonly #bytes: number[] = [];
  readonly #finish: (bytes: readonly number[]) => string;

  constructor(finish: (bytes: readonly number[]) => string) {
    this.#finish = finish;
  }

  update(text: string): this {
    this.#bytes.push(...utf8(text));
    return this;
  }

  digest(_encoding: 'hex'): string {
    return this.#finish(this.#bytes);
  }
}

export function createHash(_algorithm: 'sha256'): Digest {
  return new Digest(sha256Hex);
}

export function createHmac(_algorithm: 'sha256', key: string): Digest {
  return new Digest((bytes) => hmacSha256Hex(utf8(key), bytes));
}
