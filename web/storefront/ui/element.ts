type Child = Node | string | undefined | false;
type Handler = (event: Event) => void;
type Properties = Readonly<Record<string, string | number | boolean | undefined | Handler>>;

/**
 * An element. Of the properties functions listen to the event of that name, `true` sets an empty attribute, `false` and undefined
 * none, all else is an attribute. Text is always text: nothing is parsed as HTML.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Properties = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === 'function') made.addEventListener(key, value);
    else if (value !== undefined && value !== false)
      made.setAttribute(key, value === true ? '' : String(value));
  }
  for (const child of children.flat()) if (child !== undefined && child !== false) made.append(child);
  return made;
}

/** A drawing of few lines, for a button that has its name in words. */
export function icon(path: string): HTMLElement {
  const holder = element('span', { class: 'icon', 'aria-hidden': 'true' });
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  const line = document.createElementNS(svg.namespaceURI ?? '', 'path');
  line.setAttribute('d', path);
  svg.append(line);
  holder.append(svg);
  return holder;
}
