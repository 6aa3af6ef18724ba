import { setFlagsFromString } from 'node:v8';

/**
 * Import this before what reads SQL, a WebAssembly module of 23 MB: V8 would spend seconds of processor time on optimizing what reads a
 * few views, more than reading them takes. What runs 150 times as much as V8's own bound is optimized still.
 */
setFlagsFromString('--wasm-tiering-budget=2000000000');
