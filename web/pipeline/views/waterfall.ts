import type { Step, TraceSpan } from '../../../emulators/board/view/protocol.ts';
import { el } from '../parts/dom.ts';
import { duration, timeOfDay } from '../parts/format.ts';

/** A row: what it is called, and when it was. */
interface Stretch {
  readonly title: HTMLElement;
  readonly from: number;
  readonly to: number;
  /** Classes of its bar, from page.css. */
  readonly look: string;
}

/** An event's steps under each other, each where it lies in time. */
export function waterfall(steps: readonly Step[]): HTMLElement {
  const rows = steps.map((step) => ({
    ...step,
    title: el('th', { scope: 'row' }, step.title),
    look: `${step.kind} ${step.outcome}`,
  }));
  return timeline('Steps of the event', rows);
}

/** The spans of its trace, each indented under its parent. */
export function traceTable(spans: readonly TraceSpan[]): HTMLElement {
  const rows = spans.map(({ name, service, depth, from, to, error, figures }) => {
    const words = [name.includes(service) ? name : `${service} ${name}`, error ?? figures].filter(Boolean);
    const [first = '', more = ''] = words;
    const title = el(
      'th',
      { scope: 'row', title: words.join('\n') },
      first,
      ' ',
      el('small', { class: 'muted' }, more),
    );
    title.style.paddingLeft = `${0.7 + depth}rem`;
    return { title, from, to, look: error === null ? 'work ok' : 'work failed' };
  });
  return timeline('Spans of the trace', rows);
}

function timeline(caption: string, rows: readonly Stretch[]): HTMLElement {
  const begin = Math.min(...rows.map(({ from }) => from));
  const span = Math.max(1, Math.max(...rows.map(({ to }) => to)) - begin);
  const percent = (ms: number): string => `${((100 * ms) / span).toFixed(2)}%`;
  const row = ({ title, from, to, look }: Stretch): HTMLElement => {
    const bar = el('span', { class: `bar ${look}` });
    bar.style.left = percent(from - begin);
    bar.style.width = percent(to - from);
    return el(
      'tr',
      {},
      title,
      el('td', { class: 'n' }, `+${duration(from - begin)}`),
      el('td', { class: 'n' }, from === to ? '' : duration(to - from)),
      el('td', { class: 'track', title: `${timeOfDay(from)} to ${timeOfDay(to)}` }, bar),
    );
  };
  const heads = ['step', 'after', 'took', 'when'].map((text, index) =>
    el('th', { scope: 'col', ...(index === 1 || index === 2 ? { class: 'n' } : {}) }, text),
  );
  return el(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    el(
      'table',
      { class: 'waterfall' },
      el('caption', { class: 'hidden' }, caption),
      el('thead', {}, el('tr', {}, ...heads)),
      el('tbody', {}, ...rows.map(row)),
    ),
  );
}
