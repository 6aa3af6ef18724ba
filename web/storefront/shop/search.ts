import type { Product } from '../../../shared/events.ts';

/**
 * Products that have every word of the query in title, category or brand, as the beginning of a word: those that have them in the
 * title first, then in the order given. Letters count without case and accents.
 */
export function search<T extends Product>(products: readonly T[], query: string): readonly T[] {
  const words = wordsOf(query);
  if (words.length === 0) return [];
  return products
    .map((product) => ({ product, score: scoreOf(product, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ product }) => product);
}

function scoreOf({ title, category, brand }: Product, words: readonly string[]): number {
  const inTitle = wordsOf(title);
  const elsewhere = wordsOf(`${category ?? ''} ${brand ?? ''}`);
  let score = 0;
  for (const word of words) {
    if (inTitle.includes(word)) score += 4;
    else if (inTitle.some((each) => each.startsWith(word))) score += 3;
    else if (elsewhere.some((each) => each.startsWith(word))) score += 1;
    else return 0;
  }
  return score;
}

function wordsOf(text: string): readonly string[] {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
