/** SHA-256 (FIPS 180-4) and HMAC (RFC 2104) in plain arithmetic, for engines without a crypto module. */

const BLOCK = 64;
const [INITIAL, ROUND] = constants();

/** The digest of some bytes, as hexadecimal digits. */
export function sha256Hex(bytes: readonly number[]): string {
  return hex(digest(bytes));
}

/** The HMAC of some bytes under a key, as hexadecimal digits. */
export function hmacSha256Hex(key: readonly number[], bytes: readonly number[]): string {
  const short = key.length > BLOCK ? digest(key) : key;
  const padded = Array.from({ length: BLOCK }, (_, index) => short[index] ?? 0);
  const inner = digest([...padded.map((byte) => byte ^ 0x36), ...bytes]);
  return hex(digest([...padded.map((byte) => byte ^ 0x5c), ...inner]));
}

/** Text as UTF-8; a lone surrogate becomes U+FFFD. */
export function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const found = character.codePointAt(0) ?? 0;
    const code = found >= 0xd800 && found <= 0xdfff ? 0xfffd : found;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(code, 0));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(code, 6), tail(code, 0));
    else bytes.push(0xf0 | (code >> 18), tail(code, 12), tail(code, 6), tail(code, 0));
  }
  return bytes;
}

function tail(code: number, shift: number): number {
  return 0x80 | ((code >> shift) & 0x3f);
}

function digest(message: readonly number[]): number[] {
  const bits = message.length * 8;
  const padded = [...message, 0x80];
  while (padded.length % BLOCK !== BLOCK - 8) padded.push(0);
  padded.push(...bytesOf(Math.floor(bits / 0x100000000)), ...bytesOf(bits | 0));
  let state = [...INITIAL];
  for (let at = 0; at < padded.length; at += BLOCK) state = compress(state, padded, at);
  return state.flatMap(bytesOf);
}

function compress(state: readonly number[], bytes: readonly number[], at: number): number[] {
  const words: number[] = [];
  for (let t = 0; t < 64; t += 1) {
    if (t < 16) {
      const i = at + t * 4;
      words.push(
        ((bytes[i] ?? 0) << 24) |
          ((bytes[i + 1] ?? 0) << 16) |
          ((bytes[i + 2] ?? 0) << 8) |
          (bytes[i + 3] ?? 0),
      );
    } else {
      const w15 = words[t - 15] ?? 0;
      const w2 = words[t - 2] ?? 0;
      const s0 = turn(w15, 7) ^ turn(w15, 18) ^ (w15 >>> 3);
      const s1 = turn(w2, 17) ^ turn(w2, 19) ^ (w2 >>> 10);
      words.push(((words[t - 16] ?? 0) + s0 + (words[t - 7] ?? 0) + s1) | 0);
    }
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let t = 0; t < 64; t += 1) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + (ROUND[t] ?? 0) + (words[t] ?? 0)) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, index) => (word + (state[index] ?? 0)) | 0);
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function bytesOf(word: number): number[] {
  return [(word >>> 24) & 0xff, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff];
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => (byte + 0x100).toString(16).slice(1)).join('');
}

/** The fractions of the square roots of the first 8 primes, and of the cube roots of the first 64. */
function constants(): readonly [readonly number[], readonly number[]] {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const fraction = (root: number): number => ((root - Math.floor(root)) * 0x100000000) | 0;
  return [
    primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime))),
    primes.map((prime) => fraction(Math.cbrt(prime))),
  ];
}
