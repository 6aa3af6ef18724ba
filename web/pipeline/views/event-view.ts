import type { RecentEvent, TracedJourney } from '../../../emulators/board/view/protocol.ts';
import { ask } from '../parts/api.ts';
import { el } from '../parts/dom.ts';
import { duration } from '../parts/format.ts';
import { eventHash, type View } from './view.ts';
import { traceTable, waterfall } from './waterfall.ts';

const AGAIN_MS = 500;
/** How often an event is asked for again that does not arrive, or whose spans do not. */
const PATIENCE = 120;

/** One event's way, followed while it is under way. */
export function makeEventView(): View {
  const input = el('input', {
    id: 'event-id',
    name: 'id',
    required: '',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const newest = el('button', { type: 'button', class: 'quiet' }, 'Follow the newest');
  const form = el(
    'form',
    { class: 'ask' },
    el('label', { for: 'event-id' }, 'Event id'),
    input,
    el('button', { type: 'submit' }, 'Follow'),
    newest,
  );
  const state = el(
    'p',
    { role: 'status', class: 'status' },
    'Give an event’s id, or click one of the newest events under Flow.',
  );
  const result = el('div', {});
  let recent: readonly RecentEvent[] = [];
  let timer = 0;
  let following = '';
  let drawn = '';

  const look = async (id: string, tries: number): Promise<void> => {
    let again = false;
    try {
      const journey = await ask<TracedJourney>(`/api/events/${encodeURIComponent(id)}`);
      if (following !== id) return;
      const open = isOpen(journey);
      again = open || lacksSpans(journey);
      state.textContent = open ? 'Under way …' : 'Arrived.';
      const seen = JSON.stringify(journey);
      if (seen !== drawn) draw(result, journey);
      drawn = seen;
    } catch (error) {
      if (following !== id) return;
      state.textContent = error instanceof Error ? error.message : String(error);
      again = true;
    }
    if (again && tries < PATIENCE) timer = window.setTimeout(() => void look(id, tries + 1), AGAIN_MS);
  };
  const stop = (): void => {
    following = '';
    clearTimeout(timer);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    location.hash = eventHash(input.value.trim());
  });
  newest.addEventListener('click', () => {
    const [first] = recent;
    if (first) location.hash = eventHash(first.event_id);
    else state.textContent = 'No event has come in since this page was opened.';
  });
  return {
    name: 'event',
    label: 'Follow an event',
    element: el(
      'section',
      { 'aria-label': 'Follow an event' },
      el('div', { class: 'card' }, form, state, result),
    ),
    hide: stop,
    update: ({ events }) => {
      recent = events;
    },
    show(id) {
      stop();
      if (id === '') return;
      following = id;
      input.value = id;
      result.replaceChildren();
      drawn = '';
      state.textContent = 'Looking …';
      void look(id, 0);
    },
  };
}

/** Whether more of it may come: the outcome, a reader that has not read, or the screen. */
function isOpen({ outcome, steps, on_screen }: TracedJourney): boolean {
  return outcome === 'under way' || on_screen === false || steps.some((step) => step.outcome === 'open');
}

/** Whether some function's spans are not there yet: they are sent some time after the work, many at once. */
function lacksSpans({ trace_id, steps, spans }: TracedJourney): boolean {
  if (trace_id === null) return false;
  return steps.some(({ kind, place }) => kind === 'work' && !spans.some(({ service }) => service === place));
}

function draw(place: HTMLElement, journey: TracedJourney): void {
  const { event_name, visitor, outcome, steps, forms, spans } = journey;
  const traceId = journey.trace_id ?? spans[0]?.trace_id;
  const [first] = steps;
  const end = Math.max(...steps.map(({ to }) => to));
  const fact = (name: string, value: string): readonly HTMLElement[] => [
    el('dt', {}, name),
    el('dd', {}, value),
  ];
  const opened = new Set(
    [...place.querySelectorAll('details[open]')].map((each) => each.getAttribute('data-form')),
  );
  place.replaceChildren(
    el(
      'dl',
      { class: 'facts' },
      ...fact('event', event_name ?? '–'),
      ...fact('visitor', visitor ?? '–'),
      ...fact('outcome', outcome),
      ...fact('from first to last', first ? duration(end - first.from) : '–'),
      ...(traceId === undefined ? [] : fact('trace', traceId)),
    ),
    ...(steps.length > 0 ? [waterfall(journey.steps)] : []),
    ...(spans.length > 0 ? [el('h2', { class: 'below' }, 'Its trace'), traceTable(spans)] : []),
    ...forms.map(({ title, json }, index) =>
      el(
        'details',
        { 'data-form': String(index), ...(opened.has(String(index)) ? { open: '' } : {}) },
        el('summary', {}, title),
        el('pre', { tabindex: '0' }, json),
      ),
    ),
  );
}
