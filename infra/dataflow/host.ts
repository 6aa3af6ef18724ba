import 'core-js/actual/url/index.js';
import 'core-js/actual/url-search-params/index.js';
import 'core-js/actual/string/to-well-formed.js';
import 'core-js/actual/object/from-entries.js';
import { utf8 } from './sha256.ts';

/** What a browser or Node.js has and a bare engine has not; imported for its effect, before everything else. */
const host = globalThis as { Buffer?: unknown };
host.Buffer ??= { byteLength: (text: string): number => utf8(text).length };
