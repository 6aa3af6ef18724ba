import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArtifactError, decodeSections, encodeSections, type Section } from './sections.ts';

const section: fc.Arbitrary<Section> = fc.oneof(
  fc.uint8Array(),
  fc.int8Array(),
  fc.uint16Array(),
  fc.uint32Array(),
  fc.int32Array(),
  fc.float32Array({ noNaN: true }),
);
const sections = fc.dictionary(fc.stringMatching(/^[a-z.]{1,15}$/), section, { maxKeys: 5 });

/** An index as an earlier release wrote it: the format follows the first four bytes. */
function olderFormat(): Uint8Array {
  const bytes = encodeSections({ postings: Uint32Array.of(1) });
  new DataView(bytes.buffer).setUint32(4, 2, true);
  return bytes;
}

describe('sections', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(sections, (input) => {
        const output = decodeSections(encodeSections(input));
        expect([...output.keys()]).toEqual(Object.keys(input));
        for (const [name, array] of Object.entries(input)) expect(output.get(name)).toEqual(array);
      }),
    );
  });

  it('never come back changed: a flipped bit or a cut end is an error, or touches padding only', () => {
    fc.assert(
      fc.property(sections, fc.nat(), fc.nat(7), fc.boolean(), (input, place, bit, cut) => {
        const bytes = encodeSections(input);
        const at = place % bytes.length;
        const damaged = cut ? bytes.slice(0, at) : bytes.slice();
        if (!cut) damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        let output: ReadonlyMap<string, Section>;
        try {
          output = decodeSections(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(ArtifactError);
          return;
        }
        for (const [name, array] of Object.entries(input)) expect(output.get(name)).toEqual(array);
      }),
    );
  });

  it.each([
    ['no bytes', new Uint8Array(0), /no model index/],
    ['other bytes', new Uint8Array(64).fill(7), /no model index/],
    ['an older format', olderFormat(), /format 2, this release reads 3: train anew/],
  ])('%s are refused with the reason', (_name, bytes, reason) => {
    expect(() => decodeSections(bytes)).toThrow(reason);
  });
});
