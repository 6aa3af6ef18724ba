/** A click in the page and the list that answers to it. Epoch milliseconds, fractions included; 0 where nobody clicked. */
export interface Click {
  readonly clicked: number;
  /** When the first frame with the answer was done. */
  readonly seen: number;
  readonly recommendationId: string;
  /** Whether another product or reason is shown. */
  readonly changed: boolean;
  /** False where the browser drew no frame in a second, as a headless one may. */
  readonly drawn: boolean;
}

/**
 * Runs in the page: clicks on a product of the row, and waits for the row's next list.
 * @param index of the product; null to wait only
 */
export function clickAndWait(index: number | null): Promise<Click> {
  const FRAME_MS = 1000;
  return new Promise((resolve) => {
    const page = globalThis as unknown as {
      readonly document: {
        querySelector(selector: string): Node;
        querySelectorAll(selector: string): readonly Node[];
      };
      readonly MutationObserver: new (
        seen: () => void,
      ) => { observe(node: Node, options: object): void; disconnect(): void };
      addEventListener(name: string, listener: (event: { timeStamp: number }) => void, options: object): void;
      requestAnimationFrame(run: () => void): void;
    };
    interface Node {
      readonly dataset: { readonly recommendation?: string };
      readonly textContent: string;
      click(): void;
    }
    const row = page.document.querySelector('.for-you');
    const list = page.document.querySelector('.for-you-list');
    const textBefore = list.textContent;
    let clicked = 0;
    page.addEventListener(
      'click',
      ({ timeStamp }) => {
        clicked = performance.timeOrigin + timeStamp;
      },
      { capture: true, once: true },
    );
    const answer = (drawn: boolean): void =>
      resolve({
        clicked,
        seen: performance.timeOrigin + performance.now(),
        recommendationId: row.dataset.recommendation ?? '',
        changed: list.textContent !== textBefore,
        drawn,
      });
    const observer = new page.MutationObserver(() => {
      observer.disconnect();
      const late = setTimeout(() => answer(false), FRAME_MS);
      page.requestAnimationFrame(() => {
        clearTimeout(late);
        // A task after the frame's own: it has been drawn.
        setTimeout(() => answer(true));
      });
    });
    observer.observe(row, { attributes: true, attributeFilter: ['data-recommendation'] });
    if (index !== null) page.document.querySelectorAll('.for-you-list a')[index]?.click();
  });
}
