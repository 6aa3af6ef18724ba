import { stableId } from '../../../shared/ids.ts';
import { type Fields, fieldsOf } from '../../../shared/json.ts';
import { compact, definedOrNone, instant, numeric, textual, without } from './coerce.ts';
import { type CommerceMapping, commerceFields } from './commerce.ts';
import { makeProductMapping } from './products.ts';

/** One event of Google Analytics 4, whichever way it came. */
export interface Ga4Event {
  readonly name: unknown;
  readonly params: unknown;
  /** Microseconds since 1970. */
  readonly timestampMicros?: unknown;
  readonly clientId: unknown;
  readonly userId: unknown;
  readonly traits?: Fields | undefined;
  readonly consent?: Fields | undefined;
  /** The measurement id or Firebase app id, within which transaction ids are unique. */
  readonly stream: string;
  /** What is kept under `properties.context`. */
  readonly context?: Fields | undefined;
}

/**
 * GA4's names are the canonical ones. What differs is in two tables: names of events that GA4 collects by itself, and
 * items that are known by their name alone.
 * https://developers.google.com/analytics/devguides/collection/ga4/reference/events
 */
const NAMES: ReadonlyMap<unknown, string> = new Map([
  ['screen_view', 'page_view'],
  ['view_search_results', 'search'],
]);
const COMMERCE: CommerceMapping = {
  lists: ['items'],
  fields: {
    value: ['value'],
    currency: ['currency'],
    transaction_id: ['transaction_id'],
    search_term: ['search_term'],
    recommendation_id: ['recommendation_id'],
  },
  products: makeProductMapping({
    item_id: ['item_id', 'item_name'],
    item_name: ['item_name'],
    item_brand: ['item_brand'],
    item_category: ['item_category'],
    item_variant: ['item_variant'],
    price: ['price'],
    quantity: ['quantity'],
    index: ['index'],
    item_list_id: ['item_list_id'],
  }),
};
/** Parameters that are fields of the event. */
const READ = new Set(['page_location', 'page_referrer', 'page_title', 'session_id', 'ga_session_id']);

/** The canonical event. A purchase is one by its transaction id, as GA4 counts them; other events have no id. */
export function ga4Event(event: Ga4Event): Record<string, unknown> {
  const { name, traits, consent, stream } = event;
  const params = fieldsOf(event.params) ?? {};
  const { properties, ...commerce } = commerceFields(without(params, READ), COMMERCE);
  const order = commerce.transaction_id;
  const micros = numeric(event.timestampMicros);
  return compact({
    event_id: name === 'purchase' && typeof order === 'string' ? stableId('ga4', stream, order) : undefined,
    event_name: NAMES.get(name) ?? name,
    event_time: instant(typeof micros === 'number' ? Math.floor(micros / 1_000) : micros),
    anonymous_id: textual(event.clientId),
    user_id: textual(event.userId),
    session_id: textual(params.session_id ?? params.ga_session_id),
    page: definedOrNone({
      url: textual(params.page_location),
      referrer: textual(params.page_referrer),
      title: textual(params.page_title),
    }),
    ...commerce,
    traits,
    consent,
    properties: definedOrNone({ ...fieldsOf(properties), context: event.context }),
  });
}
