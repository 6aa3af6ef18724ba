import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32c } from '../../../storage/crc32c.ts';
import { bytes, float, path, type RuleValue } from '../rule-value.ts';
import { EvaluationError } from '../rules-error.ts';
import { fn, type Library } from './method.ts';

const EARTH_RADIUS_METRES = 6_371_010;

/** https://firebase.google.com/docs/reference/rules/rules.LatLng */
export const LATLNG_METHODS: Library = {
  latitude: fn(['latlng'], ({ latitude }) => float(latitude)),
  longitude: fn(['latlng'], ({ longitude }) => float(longitude)),
  /** Metres along the great circle. */
  distance: fn(['latlng', 'latlng'], (a, b) => {
    const radians = (degrees: number): number => (degrees * Math.PI) / 180;
    const half = (from: number, to: number): number => Math.sin(radians(to - from) / 2) ** 2;
    const chord =
      half(a.latitude, b.latitude) +
      Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude);
    return float(2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(chord))));
  }),
};

const NUMBER = ['int', 'float'] as const;
const DIGESTED = ['string', 'bytes'] as const;
const octets = (value: string | Uint8Array): Uint8Array => Buffer.from(value);

/** https://firebase.google.com/docs/reference/rules/rules.hashing and the other functions that make values. */
export const MAKING_FUNCTIONS: Library = {
  'latlng.value': fn([NUMBER, NUMBER], (north, east) => {
    const [latitude, longitude] = [Number(north.value), Number(east.value)];
    if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180)
      throw new EvaluationError(
        `Latitude should be in [-90,90] range and longitude should be in [-180,180] range. latitude: ${latitude}, longitude: ${longitude}.`,
      );
    return { kind: 'latlng', latitude, longitude };
  }),
  'hashing.md5': fn([DIGESTED], ({ value }) => bytes(createHash('md5').update(octets(value)).digest())),
  'hashing.sha256': fn([DIGESTED], ({ value }) => bytes(createHash('sha256').update(octets(value)).digest())),
  'hashing.crc32': fn([DIGESTED], ({ value }) => littleEndian(crc32(octets(value)))),
  'hashing.crc32c': fn([DIGESTED], ({ value }) => littleEndian(crc32c(octets(value)))),
  path: fn(['string'], ({ value }) => {
    const segments = value.replace(/^\//, '').split('/');
    if (segments.includes('')) throw new EvaluationError('Empty Path Template is not allowed.');
    return path(segments);
  }),
};

/** https://firebase.google.com/docs/reference/rules/rules.Path */
export const PATH_METHODS: Library = {
  /** The path with the values of a map in the places of `{name}`. */
  bind: fn(['path', 'map'], ({ segments }, { fields }) =>
    path(
      segments.map((segment) => {
        const name = /^\{(\w+)(?:=\*\*)?\}$/.exec(segment)?.[1];
        if (name === undefined) return segment;
        const value = fields.get(name);
        if (value?.kind !== 'string')
          throw new EvaluationError(`The path's {${name}} is bound to no string.`);
        return value.value;
      }),
    ),
  ),
};

function littleEndian(checksum: number): RuleValue {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(checksum >>> 0);
  return bytes(buffer);
}
