import type { EnrichedEvent } from '../../../shared/events.ts';
import type { Enrichment } from '../enrichment.ts';
import { clean } from '../text.ts';

/**
 * The coarse place the collector's headers name (a load balancer knows it; no address lookup happens here). The address
 * itself goes no further than this function. ZZ, XX and ? are the headers' words for what is not known.
 */
export const geo: Enrichment = {
  name: 'geo',
  apply(_event, { raw: { collector } }) {
    const place: EnrichedEvent['geo'] = {};
    const country = clean(collector.country ?? '').toUpperCase();
    const region = clean(collector.region ?? '');
    const city = clean(collector.city ?? '');
    if (/^[A-Z]{2}$/.test(country) && country !== 'ZZ' && country !== 'XX') place.country = country;
    if (region !== '' && region !== '?') place.region = region;
    if (city !== '' && city !== '?') place.city = city;
    return { geo: place };
  },
};
