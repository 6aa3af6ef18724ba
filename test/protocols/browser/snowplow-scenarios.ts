import {
  SnowplowEcommercePlugin,
  trackAddToCart,
  trackCheckoutStep,
  trackProductListClick,
  trackProductListView,
  trackProductView,
  trackRefund,
  trackRemoveFromCart,
  trackTransaction,
} from '@snowplow/browser-plugin-snowplow-ecommerce';
import {
  newTracker,
  setUserId,
  type TrackerConfiguration,
  trackPageView,
  trackSelfDescribingEvent,
} from '@snowplow/browser-tracker';
import { SHOE, SHOPPER, SOCKS } from '../journey.ts';
import type { Place, Scenario } from './page.ts';

function load({ url, writeKey }: Place, configuration: TrackerConfiguration = {}): void {
  newTracker('shop', url, {
    appId: writeKey,
    plugins: [SnowplowEcommercePlugin()],
    ...configuration,
  });
}

function product(item: typeof SHOE, quantity = item.quantity) {
  return {
    id: item.item_id,
    name: item.item_name,
    brand: item.item_brand,
    category: item.item_category,
    variant: item.item_variant,
    price: item.price,
    currency: 'EUR',
    quantity,
  };
}

function walk(place: Place, configuration?: TrackerConfiguration): void {
  load(place, configuration);
  setUserId(SHOPPER.user_id);
  trackPageView();
  trackSelfDescribingEvent({
    event: {
      schema: 'iglu:com.snowplowanalytics.snowplow/site_search/jsonschema/1-0-0',
      data: { terms: ['trail', 'shoes'] },
    },
  });
  trackProductListView({ name: 'search', products: [product(SHOE), product(SOCKS)] });
  trackProductListClick({ name: 'search', product: product(SHOE) });
  trackProductView(product(SHOE));
  trackAddToCart({ products: [product(SHOE, 2)], total_value: 179.8, currency: 'EUR' });
  trackRemoveFromCart({ products: [product(SHOE)], total_value: 89.9, currency: 'EUR' });
  const schema = 'iglu:com.snowplowanalytics.snowplow.ecommerce/product/jsonschema/1-0-0';
  trackCheckoutStep({ step: 1, context: [{ schema, data: product(SHOE) }] });
  trackTransaction({
    transaction_id: 'order-9',
    revenue: 89.9,
    currency: 'EUR',
    payment_method: 'card',
    products: [product(SHOE)],
  });
  trackRefund({ transaction_id: 'order-9', refund_amount: 89.9, currency: 'EUR' });
}

/** Journeys with @snowplow/browser-tracker and its e-commerce plugin. */
export const snowplow: Readonly<Record<string, Scenario>> = {
  snowplowByPost: async (place) => walk(place),
  snowplowByGet: async (place) => walk(place, { eventMethod: 'get' }),
  async snowplowOneView(place) {
    load(place);
    trackPageView();
  },
  async snowplowAnotherView() {
    trackPageView();
  },
  async snowplowAnonymous(place) {
    load(place, { anonymousTracking: { withServerAnonymisation: true } });
    trackPageView();
  },
};
