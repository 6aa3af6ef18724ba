import { isoTime } from '../../shared/iso-time.ts';
import { keepUnknown } from '../../shared/keep-unknown.ts';
import { columnsOf, compileMapping, type ReadFields } from './compile-mapping.ts';
import type { FormatHints } from './formats/file-format.ts';
import type { Mapping } from './mapping.ts';

/** A source of files, ready to read records. */
export interface Source {
  /** The folder in the inbox bucket, and `collector.protocol` after `load:`. */
  readonly name: string;
  readonly mapping: Mapping;
  readonly hints: FormatHints;
  /** The outermost columns that are read; undefined: all of them. */
  readonly columns: readonly string[] | undefined;
  readonly read: ReadFields;
}

/** @throws SyntaxError or RangeError for a path or a zone that is none */
export function makeSource(name: string, mapping: Mapping): Source {
  const native = mapping.records === 'native';
  return {
    name,
    mapping,
    hints: mapping.format,
    columns: native ? undefined : columnsOf(mapping),
    read: native ? readNative : compileMapping(mapping),
  };
}

const NOTHING = {};

const readNative: ReadFields = (record, shiftMs) => {
  const known = keepUnknown(record);
  if (shiftMs === 0) return { event: known, collector: NOTHING, problems: [] };
  const ms = typeof record.event_time === 'string' ? Date.parse(record.event_time) : Number.NaN;
  const shifted = Number.isNaN(ms) ? {} : { event_time: isoTime(ms + shiftMs) };
  return { event: { ...known, ...shifted }, collector: NOTHING, problems: [] };
};
