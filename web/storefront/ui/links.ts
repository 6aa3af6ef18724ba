/** Has links within this site lead on without loading a page anew; others, and clicks with a modifier, are the browser's. */
export function followLinks(go: (url: URL) => void): void {
  document.addEventListener('click', (event) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.hash !== '') return;
    event.preventDefault();
    go(url);
  });
}
