import { CUSTOM, SHOE, SOCKS } from './journey.ts';

const product = (item: typeof SHOE, quantity = item.quantity) => ({
  product_id: item.item_id,
  name: item.item_name,
  brand: item.item_brand,
  category: item.item_category,
  variant: item.item_variant,
  price: item.price,
  quantity,
});

type Value = string | number | boolean | Properties;
/** What both clients' types take as properties. */
interface Properties {
  [name: string]: Value | Value[];
}

/** A track call in Segment's vocabulary. */
export interface SegmentTrack {
  readonly event: string;
  readonly properties: Properties;
}

/** The journey after its page view, as a shop on Segment's e-commerce spec tracks it. */
export const SEGMENT_TRACKS: readonly SegmentTrack[] = [
  { event: 'Products Searched', properties: { query: 'trail shoes' } },
  {
    event: 'Product List Viewed',
    properties: { currency: 'EUR', products: [product(SHOE), product(SOCKS)] },
  },
  { event: 'Product Clicked', properties: { ...product(SHOE), currency: 'EUR' } },
  { event: 'Product Viewed', properties: { ...product(SHOE), currency: 'EUR' } },
  { event: 'Product Added', properties: { ...product(SHOE, 2), currency: 'EUR' } },
  { event: 'Product Removed', properties: { ...product(SHOE), currency: 'EUR' } },
  { event: 'Checkout Started', properties: { currency: 'EUR', products: [product(SHOE)] } },
  {
    event: 'Order Completed',
    properties: {
      order_id: 'order-9',
      revenue: 89.9,
      currency: 'EUR',
      coupon: 'SPRING',
      products: [product(SHOE)],
    },
  },
  { event: 'Order Refunded', properties: { order_id: 'order-9', total: 89.9, currency: 'EUR' } },
];

export const SEGMENT_CUSTOM: SegmentTrack = { event: CUSTOM.name, properties: CUSTOM.properties };
