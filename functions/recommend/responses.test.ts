import { expect, it } from 'vitest';
import type { EnrichedEvent } from '../../shared/events.ts';
import { enrichedEvent } from './fixtures.ts';
import { responsesIn } from './responses.ts';

const event = (event_name: string, fields: Partial<EnrichedEvent> = {}): EnrichedEvent =>
  enrichedEvent({ event_name, recommendation_id: 'r1', ...fields });

it('counts lists seen and items clicked, of people, of recommendations, now', () => {
  const bot = { device: { category: 'desktop', is_bot: true } } as const;
  const { recommendation_id: _, ...unrelated } = event('select_item');
  expect(
    responsesIn([
      event('view_item_list'),
      event('view_item_list'),
      event('select_item'),
      event('add_to_cart'),
      event('purchase'),
      event('view_item_list', bot),
      event('select_item', { origin: 'history' }),
      unrelated,
    ]),
  ).toEqual({ shown: 2, clicked: 2 });
});
