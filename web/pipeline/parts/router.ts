import type { View } from '../views/view.ts';
import { el } from './dom.ts';

/** Shows the view that the address names, the first one where it names none. */
export function startRouter(
  views: readonly View[],
  { links, place }: { readonly links: HTMLElement; readonly place: HTMLElement },
): void {
  const tabs = views.map((view) => ({ view, link: el('a', { href: `#${view.name}` }, view.label) }));
  links.append(...tabs.map(({ link }) => link));
  let shown: View | undefined;
  const route = (): void => {
    const [name = '', argument = ''] = location.hash.slice(1).split('/');
    const found = views.find((view) => view.name === name) ?? views[0];
    if (!found) return;
    if (shown !== found) {
      shown?.hide?.();
      place.replaceChildren(found.element);
      document.title = `${found.label} · nextclick pipeline`;
      for (const { view, link } of tabs) {
        if (view === found) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
      }
    }
    shown = found;
    found.show?.(decoded(argument));
  };
  addEventListener('hashchange', route);
  route();
}

/** An address that somebody typed may hold anything. */
function decoded(argument: string): string {
  try {
    return decodeURIComponent(argument);
  } catch {
    return argument;
  }
}
