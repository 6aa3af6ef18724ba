import type { Form, TracedJourney } from '../../../emulators/board/view/protocol.ts';
import { el } from '../parts/dom.ts';
import { duration } from '../parts/format.ts';
import { traceTable, waterfall } from './waterfall.ts';

/** One event's way, written out. */
export interface JourneySheet {
  readonly element: HTMLElement;
  /** Draws it anew; a form that is as it was is left alone, with what somebody has opened or selected in it. */
  show(journey: TracedJourney): void;
  clear(): void;
}

export function makeJourneySheet(): JourneySheet {
  const way = el('div', {});
  const forms = el('div', {});
  let entries: ReadonlyMap<string, HTMLElement> = new Map();
  return {
    element: el('div', {}, way, forms),
    show(journey) {
      way.replaceChildren(...wayOf(journey));
      const next = new Map(
        journey.forms.map((form, index) => {
          const key = JSON.stringify([index, form]);
          return [key, entries.get(key) ?? formEntry(form)];
        }),
      );
      const isNew = next.size !== entries.size || [...next.keys()].some((key) => !entries.has(key));
      entries = next;
      if (isNew) forms.replaceChildren(...next.values());
    },
    clear() {
      way.replaceChildren();
      forms.replaceChildren();
      entries = new Map();
    },
  };
}

function wayOf(journey: TracedJourney): readonly HTMLElement[] {
  const { event_name, visitor, outcome, steps, spans } = journey;
  const traceId = journey.trace_id ?? spans[0]?.trace_id;
  const [first] = steps;
  const end = Math.max(...steps.map(({ to }) => to));
  const fact = (name: string, value: string): readonly HTMLElement[] => [
    el('dt', {}, name),
    el('dd', {}, value),
  ];
  return [
    el(
      'dl',
      { class: 'facts' },
      ...fact('event', event_name ?? '–'),
      ...fact('visitor', visitor ?? '–'),
      ...fact('outcome', outcome),
      ...fact('from first to last', first ? duration(end - first.from) : '–'),
      ...(traceId === undefined ? [] : fact('trace', traceId)),
    ),
    ...(steps.length > 0 ? [waterfall(steps)] : []),
    ...(spans.length > 0 ? [el('h2', { class: 'below' }, 'Its trace'), traceTable(spans)] : []),
  ];
}

function formEntry({ title, json }: Form): HTMLElement {
  return el('details', {}, el('summary', {}, title), el('pre', { tabindex: '0' }, json));
}
