import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(4096);
let used = pool.length;

/**
 * Random bytes as hexadecimal digits, for ids, not for secrets. The system's generator is asked for a pool at a time: a call takes
 * microseconds, however little it yields.
 * @param bytes 4096 at most
 */
export function randomHex(bytes: number): string {
  if (bytes > pool.length)
    throw new RangeError(`${bytes} random bytes were asked for, of ${pool.length} at most`);
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}
