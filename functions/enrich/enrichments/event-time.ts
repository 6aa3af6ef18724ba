import { PermanentError } from '../../../shared/errors.ts';
import { isoTime, parseTime } from '../../../shared/iso-time.ts';
import type { Enrichment } from '../enrichment.ts';

/** Longer between sending and receiving than this is a clock that is slow, not a network. Milliseconds. */
const MAX_TRANSIT_MS = 30_000;

/**
 * When the event happened, by our clock. Where the client said when it sent the request, `received_at − sent_at` is its
 * clock's skew and is added; up to 30 s late is taken for transit and left alone. What is then still in the future
 * is set to the time of receipt.
 * @throws PermanentError event_time_out_of_range for an event older than the deployment takes.
 */
export const eventTime: Enrichment = {
  name: 'event-time',
  apply(_event, { raw, settings }) {
    const received = parseTime(raw.collector.received_at);
    const claimed = parseTime(raw.event_time);
    const skew = clockSkew(received, raw.collector.sent_at);
    const happened = Math.min(claimed + skew, received);
    if (Number.isNaN(happened) || received - happened > settings.maxAgeMs) {
      const days = Math.floor(settings.maxAgeMs / 86_400_000);
      throw new PermanentError(
        'event_time_out_of_range',
        `event_time ${raw.event_time} is more than ${days} days before it was received (${raw.collector.received_at}); ` +
          'correct the time, or raise MAX_EVENT_AGE_DAYS, and replay the event',
        { path: 'event_time' },
      );
    }
    return {
      event_time: isoOf(happened, raw.event_time, claimed),
      received_at: isoOf(received, raw.collector.received_at, received),
    };
  },
};

/** The time in the form of `toISOString`: of RFC 3339's forms in UTC, it alone has 24 characters, and most texts are in it. */
function isoOf(ms: number, text: string, parsed: number): string {
  return ms === parsed && text.length === 24 && text.endsWith('Z') ? text : isoTime(ms);
}

function clockSkew(received: number, sentAt: string | undefined): number {
  const skew = sentAt === undefined ? 0 : received - parseTime(sentAt);
  return skew < 0 || skew > MAX_TRANSIT_MS ? skew : 0;
}
