/** Tells once of each list that the visitor could see: half of the row, for a second, as the Media Rating Council counts. */
export interface Impressions {
  /** The row shows this list from now on; undefined: none that is counted. */
  shows(recommendationId: string | undefined): void;
}

export interface ImpressionsOptions {
  readonly node: Element;
  readonly onSeen: (recommendationId: string) => void;
}

const SEEN_MS = 1000;

/** https://www.mediaratingcouncil.org/sites/default/files/Standards/063014%20Viewable%20Ad%20Impression%20Guideline_Final.pdf */
export function makeImpressions({ node, onSeen }: ImpressionsOptions): Impressions {
  const counted = new Set<string>();
  let shown: string | undefined;
  let visible = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const consider = (): void => {
    clearTimeout(timer);
    const id = shown;
    if (id === undefined || !visible || counted.has(id)) return;
    timer = setTimeout(() => {
      counted.add(id);
      onSeen(id);
    }, SEEN_MS);
  };
  new IntersectionObserver(
    (entries) => {
      visible = (entries.at(-1)?.intersectionRatio ?? 0) >= 0.5;
      consider();
    },
    { threshold: [0, 0.5] },
  ).observe(node);
  return {
    shows(recommendationId) {
      if (recommendationId === shown) return;
      shown = recommendationId;
      consider();
    },
  };
}
