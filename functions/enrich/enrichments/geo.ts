import type { Enrichment } from '../enrichment.ts';
import { clean } from '../text.ts';

/**
 * The coarse place the collector's headers name (a load balancer knows it; no address lookup happens here). The address
 * itself goes no further than this function. ZZ and XX are the headers' words for an unknown country.
 */
export const geo: Enrichment = {
  name: 'geo',
  apply(event, { raw: { collector } }) {
    const country = clean(collector.country ?? '').toUpperCase();
    const region = clean(collector.region ?? '');
    const city = clean(collector.city ?? '');
    return {
      ...event,
      geo: {
        ...(/^[A-Z]{2}$/.test(country) && !['ZZ', 'XX'].includes(country) ? { country } : {}),
        ...(region === '' || region === '?' ? {} : { region }),
        ...(city === '' || city === '?' ? {} : { city }),
      },
    };
  },
};
