import { Mapping } from '../mapping.ts';
import { native } from './native.ts';
import { retailrocket } from './retailrocket.ts';

/** Every source that files can come from, by name. */
export const SOURCES: ReadonlyMap<string, Mapping> = new Map(
  [native, retailrocket].map((source) => [source.name, Mapping.parse(source)]),
);
