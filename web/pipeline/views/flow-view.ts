import type { RecentEvent } from '../../../emulators/board/view/protocol.ts';
import { makeDrawing } from '../flow/drawing.ts';
import { makeFlowCharts } from '../flow/flow-charts.ts';
import { pipelineGraph } from '../flow/graph.ts';
import { layoutOf } from '../flow/layout.ts';
import { makeStageTable } from '../flow/stage-table.ts';
import { el } from '../parts/dom.ts';
import { timeOfDay } from '../parts/format.ts';
import { eventHash, type View } from './view.ts';

const SHOWN = 12;

/** The flow, its figures, charts of the last minutes, and the newest events. */
export function makeFlowView(): View {
  const drawing = makeDrawing(layoutOf(pipelineGraph()));
  const table = makeStageTable();
  const charts = makeFlowCharts();
  const list = el('ol', { class: 'events' });
  const empty = el('p', { class: 'empty' }, 'Events show here as they come in.');
  const element = el(
    'section',
    { 'aria-label': 'Flow' },
    el(
      'div',
      { class: 'card scroll', tabindex: '0', role: 'region', 'aria-label': 'Picture of the flow' },
      drawing.element,
    ),
    el('div', { class: 'charts' }, ...charts.elements),
    el(
      'div',
      { class: 'columns' },
      el('div', { class: 'card' }, el('h2', {}, 'Functions'), table.element),
      el('div', { class: 'card' }, el('h2', {}, 'Newest events'), empty, list),
    ),
  );
  let newest = '';
  addEventListener('resize', () => charts.fit());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.fit());
  return {
    name: 'flow',
    label: 'Flow',
    element,
    show: () => charts.fit(),
    restart: (history) => charts.restart(history),
    update({ snapshot, events }) {
      drawing.update(snapshot);
      table.update(snapshot);
      charts.add(snapshot);
      const [first] = events;
      // A list under the pointer or the focus stays as it is, so that one can click what one sees.
      if (first && first.event_id !== newest && !list.matches(':hover, :focus-within')) {
        newest = first.event_id;
        empty.hidden = true;
        list.replaceChildren(...events.slice(0, SHOWN).map(entry));
      }
    },
  };
}

function entry({ event_id, event_name, visitor, at }: RecentEvent): HTMLElement {
  const link = el('a', { href: eventHash(event_id), title: `Follow ${event_id}` }, event_name || event_id);
  const time = el('time', {}, timeOfDay(at));
  return el('li', {}, time, link, el('span', { class: 'muted' }, visitor));
}
