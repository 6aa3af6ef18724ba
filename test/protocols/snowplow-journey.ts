import { CUSTOM, SHOE, SOCKS } from './journey.ts';

/** A self-describing JSON as the tracker takes it. */
export interface SelfDescribing {
  readonly schema: string;
  readonly data: Record<string, unknown>;
}
/** A self-describing event with its entities. */
export interface SnowplowEvent {
  readonly event: SelfDescribing;
  readonly context?: SelfDescribing[];
}

const ECOMMERCE = 'iglu:com.snowplowanalytics.snowplow.ecommerce';

function product(item: typeof SHOE, quantity = item.quantity): SelfDescribing {
  return {
    schema: `${ECOMMERCE}/product/jsonschema/1-0-0`,
    data: {
      id: item.item_id,
      name: item.item_name,
      brand: item.item_brand,
      category: item.item_category,
      variant: item.item_variant,
      price: item.price,
      currency: 'EUR',
      quantity,
    },
  };
}

function action(type: string, ...context: SelfDescribing[]): SnowplowEvent {
  const schema = `${ECOMMERCE}/snowplow_ecommerce_action/jsonschema/1-0-2`;
  return { event: { schema, data: { type } }, context };
}

/** The journey after its page view, as a shop with Snowplow's e-commerce plugin tracks it. */
export const SNOWPLOW_EVENTS: readonly SnowplowEvent[] = [
  {
    event: {
      schema: 'iglu:com.snowplowanalytics.snowplow/site_search/jsonschema/1-0-0',
      data: { terms: ['trail', 'shoes'] },
    },
  },
  action('list_view', product(SHOE), product(SOCKS)),
  action('list_click', product(SHOE)),
  action('product_view', product(SHOE)),
  action('add_to_cart', product(SHOE, 2)),
  action('remove_from_cart', product(SHOE)),
  action('checkout_step', product(SHOE), {
    schema: `${ECOMMERCE}/checkout_step/jsonschema/1-0-0`,
    data: { step: 1 },
  }),
  action('transaction', product(SHOE), {
    schema: `${ECOMMERCE}/transaction/jsonschema/1-0-0`,
    data: { transaction_id: 'order-9', revenue: 89.9, currency: 'EUR', payment_method: 'card' },
  }),
  action('refund', {
    schema: `${ECOMMERCE}/refund/jsonschema/1-0-0`,
    data: { transaction_id: 'order-9', refund_amount: 89.9, currency: 'EUR' },
  }),
];

export const SNOWPLOW_CUSTOM: SnowplowEvent = {
  event: { schema: `iglu:example.shop/${CUSTOM.name}/jsonschema/1-0-0`, data: CUSTOM.properties },
};
