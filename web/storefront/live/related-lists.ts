/** What the model says of a product by itself, best first: item ids. */
export interface RelatedLists {
  /** What is like it. */
  readonly similar: readonly string[];
  /** What goes with it. */
  readonly together: readonly string[];
}

/** What a document `related/{item}` says, which functions/train writes; undefined where there is none. */
export function readRelatedLists(data: unknown): RelatedLists | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { similar, together } = data as { readonly similar?: unknown; readonly together?: unknown };
  return { similar: idsIn(similar), together: idsIn(together) };
}

function idsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
}
