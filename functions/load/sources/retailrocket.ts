import type { MappingSource } from '../mapping.ts';

/** The columns of the RetailRocket clickstream (https://www.kaggle.com/datasets/retailrocket/ecommerce-dataset), with sessions. */
export const retailrocket: MappingSource = {
  name: 'retailrocket',
  fields: {
    event_time: { column: 'timestamp_s', as: 'epoch_s' },
    event_name: {
      column: 'event',
      values: { view: 'view_item', addtocart: 'add_to_cart', transaction: 'purchase' },
    },
    anonymous_id: { column: 'visitorid' },
    session_id: { column: 'sessionid' },
  },
  items: [{ item_id: { column: 'itemid' }, item_category: { column: 'categoryid' } }],
};
