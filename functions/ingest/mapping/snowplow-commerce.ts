import { type Fields, fieldsOf } from '../../../shared/json.ts';
import { listOf, numeric, textual, without } from './coerce.ts';
import { commerceFields } from './commerce.ts';
import { dataOf, type Entity } from './iglu.ts';
import {
  ECOMMERCE_ACTIONS,
  ENHANCED_ACTIONS,
  EVENT_SCHEMAS,
  PRODUCT_ENTITIES,
  SNOWPLOW_COMMERCE,
} from './snowplow-names.ts';

/** Fields of an event, and the entities that are not in them. */
type Mapped = Fields & { readonly left: readonly Entity[] };

/**
 * The canonical fields of a self-describing event: e-commerce actions with the products and orders that come as entities,
 * the older cart and search events, and any other by its schema's name with its data as properties.
 */
export function snowplowCommerce(event: Entity, entities: readonly Entity[]): Mapped {
  const data = fieldsOf(event.data) ?? {};
  const step = dataOf(entities, 'checkout_step') ?? dataOf(entities, 'actionFieldObject') ?? {};
  if (event.name === 'snowplow_ecommerce_action') {
    const { type, name, ...properties } = data;
    const known = type === 'checkout_step' ? checkoutName(step) : ECOMMERCE_ACTIONS.get(type);
    return withEntities(known ?? type, textual(name), properties, entities);
  }
  if (event.vendor === 'com.google.analytics.enhanced-ecommerce' && event.name === 'action') {
    const { action, ...properties } = data;
    const known = action === 'checkout' ? checkoutName(step) : ENHANCED_ACTIONS.get(action);
    return withEntities(known ?? action, undefined, properties, entities);
  }
  return {
    event_name: EVENT_SCHEMAS.get(event.name) ?? event.name,
    ...fieldsOfOther(event, data),
    left: entities,
  };
}

/** A step of the checkout by what it tells: GA4 has no steps, but a name for each. */
function checkoutName(step: Fields): string {
  if (numeric(step.step ?? 1) === 1) return 'begin_checkout';
  if (step.payment_method !== undefined) return 'add_payment_info';
  const delivery = ['delivery_provider', 'delivery_method', 'shipping_postcode', 'shipping_full_address'];
  return delivery.some((name) => step[name] !== undefined) ? 'add_shipping_info' : 'checkout_step';
}

function withEntities(name: unknown, list: unknown, properties: Fields, entities: readonly Entity[]): Mapped {
  const order =
    dataOf(entities, 'transaction') ?? dataOf(entities, 'refund') ?? dataOf(entities, 'actionFieldObject');
  const cart = dataOf(entities, 'cart');
  const products = entities.filter((entity) => PRODUCT_ENTITIES.has(entity.name));
  const currency = order?.currency ?? cart?.currency ?? fieldsOf(products[0]?.data)?.currency;
  const whole = name === 'begin_checkout' || name === 'view_cart' ? cart?.total_value : undefined;
  return {
    event_name: name,
    items: products.length > 0 ? products.map(({ data }) => itemOf(data, list, currency)) : undefined,
    value: numeric(order?.revenue ?? order?.refund_amount ?? whole),
    currency: textual(currency),
    transaction_id: textual(order?.transaction_id ?? order?.id),
    properties: products.length > 0 ? properties : { ...properties, list },
    left: entities.filter((entity) => !PRODUCT_ENTITIES.has(entity.name)),
  };
}

/** The item of a product, in the list that the action names; its currency is the event's. */
function itemOf(product: unknown, list: unknown, currency: unknown): unknown {
  const item = fieldsOf(SNOWPLOW_COMMERCE.products.item(product));
  if (!item) return product;
  const { currency: own, ...rest } = item;
  return {
    ...(list === undefined ? {} : { item_list_id: list }),
    ...rest,
    ...(own === undefined || own === currency ? {} : { currency: own }),
  };
}

function fieldsOfOther({ name, schema, data: whole }: Entity, data: Fields): Fields {
  switch (name) {
    case 'add_to_cart':
    case 'remove_from_cart':
      return commerceFields(data, SNOWPLOW_COMMERCE);
    case 'site_search':
      return {
        search_term: searchTerm(data.terms),
        properties: without(data, new Set(['terms'])),
      };
    case 'screen_view':
      return { page: { title: textual(data.name) }, properties: data };
    default:
      return { properties: { ...(fieldsOf(whole) ?? { data: whole }), schema } };
  }
}

/** The words of a search; of a list, those that are text or numbers. */
function searchTerm(terms: unknown): unknown {
  const words = listOf(terms)
    ?.map(textual)
    .filter((term) => typeof term === 'string');
  return textual(words ? words.join(' ') : terms);
}
