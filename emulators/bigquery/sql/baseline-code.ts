import { setFlagsFromString } from 'node:v8';

/**
 * Import this before what reads SQL, a WebAssembly module of 3 MB: V8 would spend seconds of processor time on optimizing what reads a
 * few views, more than reading them takes. What is run a thousand times as often is optimized still.
 */
setFlagsFromString('--wasm-tiering-budget=2000000000');
