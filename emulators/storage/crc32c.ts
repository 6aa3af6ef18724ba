/** CRC-32C (Castagnoli), reflected: RFC 3720, appendix B.4. */
const POLYNOMIAL = 0x82f63b78;

/** Four tables of 256 in one array: what a byte contributes from zero to three places ahead. */
const TABLES = makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(4 * 256);
  const at = (index: number): number => tables[index] ?? 0;
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let index = 256; index < tables.length; index += 1) {
    const before = at(index - 256);
    tables[index] = (before >>> 8) ^ at(before & 0xff);
  }
  return tables;
}

/** Continues a checksum over more bytes; begin with 0. Unsigned 32 bits. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const table = (place: number, byte: number): number => TABLES[(place << 8) | byte] ?? 0;
  let crc = ~before;
  let at = 0;
  for (const end = view.byteLength - 3; at < end; at += 4) {
    crc ^= view.getInt32(at, true);
    crc =
      table(3, crc & 0xff) ^
      table(2, (crc >>> 8) & 0xff) ^
      table(1, (crc >>> 16) & 0xff) ^
      table(0, crc >>> 24);
  }
  for (; at < view.byteLength; at += 1) crc = (crc >>> 8) ^ table(0, (crc ^ view.getUint8(at)) & 0xff);
  return ~crc >>> 0;
}
