/** Ids that one span carries, at most: enough for live traffic; a replayed batch is found by its first events. */
const MAX_IDS = 32;

/** The ids of a message's first events, or of the events that triggered what is in it. */
export function idsOf(events: readonly unknown[]): readonly string[] {
  const ids: string[] = [];
  for (const event of events) {
    if (ids.length === MAX_IDS) break;
    const { event_id, trigger } = (event ?? {}) as {
      readonly event_id?: unknown;
      readonly trigger?: { readonly event_id?: unknown };
    };
    const id = event_id ?? trigger?.event_id;
    if (typeof id === 'string') ids.push(id);
  }
  return ids;
}
