import { crc32 } from 'node:zlib';

/** A typed array that a section may hold. */
export type Section = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Int8Array;

const MAGIC = 0x4b_43_58_4e; // "NXCK", little-endian
/** 2: rows of the item matrix have their greatest weights first. 3: items have learned directions. */
const FORMAT = 3;
const HEADER_BYTES = 16;
const ENTRY_BYTES = 32;
const NAME_BYTES = 16;
const ALIGNMENT = 8;

interface SectionType {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset: number, length: number): Section;
}

/** A section's type is stored as its position here. */
const TYPES: readonly SectionType[] = [
  Uint8Array,
  Uint16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Int8Array,
];

/** The bytes are no artifact, or a damaged one. */
export class ArtifactError extends Error {
  override readonly name = 'ArtifactError';
}

/**
 * Named typed arrays in one binary file: a header (magic, format, section count, CRC-32 of the table), a table of
 * 32-byte entries (name, type, CRC-32, offset, byte length), then the arrays, little-endian and 8-byte aligned, so that reading copies
 * nothing.
 */
export function encodeSections(sections: Readonly<Record<string, Section>>): Uint8Array {
  const entries = Object.entries(sections);
  let end = align(HEADER_BYTES + entries.length * ENTRY_BYTES);
  const offsets = entries.map(([, array]) => {
    const offset = end;
    end = align(end + array.byteLength);
    return offset;
  });
  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  entries.forEach(([name, array], at) => {
    const entry = HEADER_BYTES + at * ENTRY_BYTES;
    const content = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    const label = new TextEncoder().encode(name);
    if (label.length > NAME_BYTES - 1) throw new ArtifactError(`the section name ${name} is too long`);
    const offset = offsets[at] ?? 0;
    bytes.set(label, entry);
    bytes[entry + NAME_BYTES - 1] = TYPES.findIndex((type) => array instanceof type);
    view.setUint32(entry + 16, crc32(content), true);
    view.setUint32(entry + 20, offset / ALIGNMENT, true);
    view.setBigUint64(entry + 24, BigInt(array.byteLength), true);
    bytes.set(content, offset);
  });
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, FORMAT, true);
  view.setUint32(8, entries.length, true);
  view.setUint32(12, crc32(bytes.subarray(HEADER_BYTES, HEADER_BYTES + entries.length * ENTRY_BYTES)), true);
  return bytes;
}

/**
 * Views of the sections in `bytes`, which must not change afterwards.
 * @param checked whether the caller knows by a checksum of the whole that nothing is damaged
 * @throws ArtifactError naming what is wrong: no artifact, another format, cut short, or damaged.
 */
export function decodeSections(bytes: Uint8Array, checked = false): ReadonlyMap<string, Section> {
  const aligned = bytes.byteOffset % ALIGNMENT === 0 ? bytes : bytes.slice();
  const view = new DataView(aligned.buffer, aligned.byteOffset, aligned.byteLength);
  if (aligned.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC)
    throw new ArtifactError('this is no model index: it does not begin with NXCK');
  const format = view.getUint32(4, true);
  if (format !== FORMAT)
    throw new ArtifactError(`the model index has format ${format}, this release reads ${FORMAT}: train anew`);
  const count = view.getUint32(8, true);
  const tableEnd = HEADER_BYTES + count * ENTRY_BYTES;
  if (tableEnd > aligned.length) throw new ArtifactError('the model index is cut short: fetch it again');
  if (crc32(aligned.subarray(HEADER_BYTES, tableEnd)) !== view.getUint32(12, true))
    throw new ArtifactError('the table of the model index is damaged: fetch it again');
  const sections = new Map<string, Section>();
  for (let entry = HEADER_BYTES; entry < tableEnd; entry += ENTRY_BYTES) {
    const label = aligned.subarray(entry, entry + NAME_BYTES - 1);
    const name = new TextDecoder().decode(label).replace(/\0+$/, '');
    const offset = view.getUint32(entry + 20, true) * ALIGNMENT;
    const length = Number(view.getBigUint64(entry + 24, true));
    const type = TYPES[aligned[entry + NAME_BYTES - 1] ?? 0];
    if (!type || offset + length > aligned.length || length % type.BYTES_PER_ELEMENT !== 0)
      throw new ArtifactError(`section ${name} of the model index is cut short: fetch it again`);
    if (!checked && crc32(aligned.subarray(offset, offset + length)) !== view.getUint32(entry + 16, true))
      throw new ArtifactError(`section ${name} of the model index is damaged: fetch it again`);
    sections.set(
      name,
      new type(aligned.buffer, aligned.byteOffset + offset, length / type.BYTES_PER_ELEMENT),
    );
  }
  return sections;
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
