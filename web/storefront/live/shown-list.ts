/** A recommendation as this page shows it. */
export interface ShownItem {
  readonly item_id: string;
  /** Why, for the shopper to read. */
  readonly reason: string;
  readonly title?: string;
  readonly price?: number;
  readonly currency?: string;
}

/** The visitor's document `recommendations/{uid}`; functions/push/screen.ts writes it. */
export interface ShownList {
  readonly recommendationId: string;
  readonly items: readonly ShownItem[];
  /** `popularity`: what everybody likes, where the model did not answer. */
  readonly source: 'model' | 'popularity';
  readonly modelVersion: string;
  /** The event that it answers to. */
  readonly triggerId: string;
}

/** What a document says; undefined where it is none of this form, as after a change of form that this page is older than. */
export function readShownList(data: unknown): ShownList | undefined {
  if (!isRecord(data) || typeof data.recommendation_id !== 'string' || !Array.isArray(data.items))
    return undefined;
  const items = data.items.flatMap(readItem);
  if (items.length === 0) return undefined;
  const trigger = isRecord(data.trigger) ? data.trigger : {};
  return {
    recommendationId: data.recommendation_id,
    items,
    source: data.source === 'popularity' ? 'popularity' : 'model',
    modelVersion: textOf(data.model_version),
    triggerId: textOf(trigger.event_id),
  };
}

function readItem(item: unknown): ShownItem[] {
  if (!isRecord(item) || typeof item.item_id !== 'string') return [];
  const { item_id, title, price, currency } = item;
  return [
    {
      item_id,
      reason: textOf(item.reason),
      ...(typeof title === 'string' && { title }),
      ...(typeof price === 'number' && { price }),
      ...(typeof currency === 'string' && { currency }),
    },
  ];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
