import type { Page } from '../pages/page.ts';
import { element } from './element.ts';

export interface ShellOptions {
  readonly header: HTMLElement;
  /** The "for you" row: one for all pages, so that it can move from one list to the next. */
  readonly row: HTMLElement;
  readonly banner: HTMLElement;
  readonly onPrivacy: () => void;
}

/** What stays when pages change. */
export interface Shell {
  /** Puts a page on the screen; `byVisitor`: focus and scroll go to its beginning. */
  show(page: Page, byVisitor: boolean): void;
  /** Says something for a few seconds. */
  say(text: string): void;
}

const SAID_MS = 4000;

export function makeShell(root: HTMLElement, { header, row, banner, onPrivacy }: ShellOptions): Shell {
  const main = element('main', { id: 'main' });
  const said = element('div', { class: 'said', role: 'status' });
  const offline = element('p', { class: 'offline', role: 'status' });
  const showOffline = (): void => {
    offline.textContent = navigator.onLine
      ? ''
      : 'You are offline. Look around; the rest follows when you are back.';
  };
  addEventListener('online', showOffline);
  addEventListener('offline', showOffline);
  showOffline();
  root.replaceChildren(
    element('a', { class: 'skip', href: '#main' }, 'Skip to content'),
    header,
    offline,
    main,
    element(
      'footer',
      { class: 'bottom' },
      element('p', {}, 'A demonstration shop of nextclick. Nothing here is for sale.'),
      element('button', { type: 'button', class: 'quiet-button', click: onPrivacy }, 'Privacy choices'),
    ),
    said,
    banner,
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    show({ content, row: place, below = [] }, byVisitor) {
      main.replaceChildren(
        ...(place === 'first' ? [row, ...content] : place === 'after' ? [...content, row] : content),
        ...below,
      );
      if (!byVisitor) return;
      scrollTo({ top: 0, behavior: 'instant' });
      main.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    },
    say(text) {
      clearTimeout(timer);
      said.textContent = text;
      timer = setTimeout(() => {
        said.textContent = '';
      }, SAID_MS);
    },
  };
}
