import type { Choice } from '../../tracker/tracker.ts';
import type { KeyValues } from './cart.ts';

/** What the visitor allowed, as asked by the banner; undefined until answered. */
export interface Consent {
  get(): Choice | undefined;
  set(choice: Choice): void;
  /** Takes over what was answered in another tab. */
  refresh(): void;
  /** Told of each answer. */
  watch(changed: (choice: Choice) => void): void;
}

/** Where the answer is kept. */
export const CONSENT_KEY = 'shop.consent';

/** Keeps the answer in the browser, where it keeps anything. */
export function makeConsent(storage: () => KeyValues): Consent {
  let choice = read(storage);
  const watchers: ((choice: Choice) => void)[] = [];
  return {
    get: () => choice,
    set(next) {
      choice = next;
      try {
        storage().setItem(CONSENT_KEY, JSON.stringify(next));
      } catch {
        // It is asked for again on the next page.
      }
      for (const changed of watchers) changed(next);
    },
    refresh() {
      const kept = read(storage);
      if (!kept || (kept.analytics === choice?.analytics && kept.personalization === choice.personalization))
        return;
      choice = kept;
      for (const changed of watchers) changed(kept);
    },
    watch: (changed) => watchers.push(changed),
  };
}

function read(storage: () => KeyValues): Choice | undefined {
  try {
    const kept = JSON.parse(storage().getItem(CONSENT_KEY) ?? 'null') as Partial<Choice> | null;
    if (typeof kept?.analytics !== 'boolean' || typeof kept.personalization !== 'boolean') return undefined;
    return { analytics: kept.analytics, personalization: kept.personalization };
  } catch {
    return undefined;
  }
}
