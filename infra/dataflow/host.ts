import 'core-js/es/symbol/index.js';
import 'core-js/es/object/index.js';
import 'core-js/es/function/index.js';
import 'core-js/es/array/index.js';
import 'core-js/es/string/index.js';
import 'core-js/es/number/index.js';
import 'core-js/es/math/index.js';
import 'core-js/es/date/index.js';
import 'core-js/es/map/index.js';
import 'core-js/es/set/index.js';
import 'core-js/es/weak-map/index.js';
import 'core-js/es/weak-set/index.js';
import 'core-js/es/promise/index.js';
import 'core-js/es/reflect/index.js';
import 'core-js/es/global-this.js';
import 'core-js/web/url.js';
import 'core-js/web/url-search-params.js';
import 'unorm';
import { utf8 } from './sha256.ts';

/** What Node.js has and an engine of ECMAScript 5 has not; imported for its effect, before everything else. */
const host = globalThis as { Buffer?: unknown };
host.Buffer ??= { byteLength: (text: string): number => utf8(text).length };
