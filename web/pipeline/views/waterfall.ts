import type { Journey, Step } from '../../../emulators/board/view/protocol.ts';
import { el } from '../parts/dom.ts';
import { duration, timeOfDay } from '../parts/format.ts';

/** An event's steps under each other, each where it lies in time. */
export function waterfall({ steps }: Journey): HTMLElement {
  const begin = Math.min(...steps.map(({ from }) => from));
  const span = Math.max(1, Math.max(...steps.map(({ to }) => to)) - begin);
  const percent = (ms: number): string => `${((100 * ms) / span).toFixed(2)}%`;
  const row = (step: Step): HTMLElement => {
    const bar = el('span', { class: `bar ${step.kind} ${step.outcome}` });
    bar.style.left = percent(step.from - begin);
    bar.style.width = percent(step.to - step.from);
    return el(
      'tr',
      {},
      el('th', { scope: 'row' }, step.title),
      el('td', { class: 'n' }, `+${duration(step.from - begin)}`),
      el('td', { class: 'n' }, step.kind === 'point' ? '' : duration(step.to - step.from)),
      el('td', { class: 'track', title: `${timeOfDay(step.from)} to ${timeOfDay(step.to)}` }, bar),
    );
  };
  const heads = ['step', 'after', 'took', 'when'].map((text, index) =>
    el('th', { scope: 'col', ...(index === 1 || index === 2 ? { class: 'n' } : {}) }, text),
  );
  return el(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Steps of the event' },
    el(
      'table',
      { class: 'waterfall' },
      el('caption', { class: 'hidden' }, 'Steps of the event'),
      el('thead', {}, el('tr', {}, ...heads)),
      el('tbody', {}, ...steps.map(row)),
    ),
  );
}
