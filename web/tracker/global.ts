/** What `tracker.js` puts on `globalThis.nextclick`. */
export { startTracker } from './browser.ts';
