import QuickLRU from 'quick-lru';

/**
 * The same function of a text, with its latest answers kept: clicks of one shop repeat a few names, pages and browsers.
 * Memory holds at most twice `entries` answers.
 */
export function remember<T>(entries: number, compute: (text: string) => T): (text: string) => T {
  const known = new QuickLRU<string, { readonly answer: T }>({ maxSize: entries });
  return (text) => {
    const found = known.get(text);
    if (found) return found.answer;
    const answer = compute(text);
    known.set(text, { answer });
    return answer;
  };
}
