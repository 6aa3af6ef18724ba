import { EventEmitter } from 'node:events';

/**
 * Since version 8.0.1 of Cloud Storage's client each streamed download puts 11 or 12 listeners on one stream, all of them
 * let go at its end; Node.js takes more than 10 for a leak and says so in every log (googleapis/google-cloud-node#9185).
 */
export function allowDownloadListeners(): void {
  EventEmitter.defaultMaxListeners = Math.max(EventEmitter.defaultMaxListeners, 16);
}
