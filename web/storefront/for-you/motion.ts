type Positions = ReadonlyMap<Element, DOMRect>;

const TIMING = { duration: 320, easing: 'cubic-bezier(.2,.7,.2,1)' } as const;

export function positionsOf(list: Element): Positions {
  return new Map([...list.children].map((child) => [child, child.getBoundingClientRect()]));
}

/**
 * Children that were there before glide from where they were, others come in from below (first, last, invert, play). Nothing
 * moves for those who asked their system for less motion.
 */
export function moveSoftly(list: Element, before: Positions): void {
  if (before.size === 0 || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  [...list.children].forEach((child, index) => {
    const from = before.get(child);
    if (!from) {
      const delay = Math.min(index, 6) * 25;
      child.animate(
        [
          { opacity: 0.25, transform: 'translateY(14px)' },
          { opacity: 1, transform: 'none' },
        ],
        { ...TIMING, delay, fill: 'backwards' },
      );
      return;
    }
    const to = child.getBoundingClientRect();
    if (from.left === to.left && from.top === to.top) return;
    child.animate(
      [{ transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` }, { transform: 'none' }],
      TIMING,
    );
  });
}
