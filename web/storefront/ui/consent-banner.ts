import type { Consent } from '../shop/consent.ts';
import { element } from './element.ts';

/** The question what may be noted, with three answers of the same weight. */
export interface ConsentBanner {
  readonly node: HTMLElement;
  ask(): void;
  /** It was answered. */
  close(): void;
}

export function makeConsentBanner(consent: Consent): ConsentBanner {
  const answer = (analytics: boolean, personalization: boolean): void =>
    consent.set({ analytics, personalization });
  const first = element(
    'button',
    { type: 'button', class: 'button', click: () => answer(true, true) },
    'Allow personal picks',
  );
  const node = element(
    'section',
    { class: 'consent', 'aria-label': 'Your privacy' },
    element(
      'p',
      {},
      element('strong', {}, 'May this shop follow what you look at? '),
      'Personal picks need it, under a random number and never your name. Until you answer, nothing leaves this page; refuse, and nothing ever does.',
    ),
    element(
      'div',
      { class: 'consent-answers' },
      first,
      element(
        'button',
        { type: 'button', class: 'button', click: () => answer(true, false) },
        'Only count my visit',
      ),
      element('button', { type: 'button', class: 'button', click: () => answer(false, false) }, 'Refuse'),
    ),
  );
  node.hidden = consent.get() !== undefined;
  return {
    node,
    ask() {
      node.hidden = false;
      first.focus();
    },
    close() {
      node.hidden = true;
    },
  };
}
